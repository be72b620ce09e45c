// Prints the hash of each file's code under the Python of a folder of pyodide: other_python.mjs PYODIDE WORKFLOW
import fs from "fs";
import path from "path";

const [folder, workflow] = process.argv.slice(2);
const { loadPyodide } = await import(path.resolve(folder, "pyodide.mjs"));
const python = await loadPyodide();
const names = fs.readdirSync(workflow, { recursive: true }).filter((name) => name.endsWith(".py"));
const texts = names.map((name) => [name, fs.readFileSync(path.join(workflow, name), "utf8")]);
python.FS.writeFile("/home/pyodide/syntax.py", fs.readFileSync(path.join(workflow, "pipeline/syntax.py")));
python.globals.set("texts", JSON.stringify(texts));
console.log(python.runPython(`
import ast, hashlib, json, sys
sys.path.insert(0, "/home/pyodide")
from syntax import canonical
json.dumps({name: hashlib.sha256(canonical(ast.parse(text)).encode()).hexdigest() for name, text in json.loads(texts)})
`));
