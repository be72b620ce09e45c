// Browsers start no Worker from a folder. Where pages are opened from one, the search runs in a hidden frame instead.
// Zensical fetches a script of its own for this, unless one of this name is there.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      this.ready = new Promise((done, failed) => {
        this.frame.addEventListener("load", () => this.start(new URL(url, document.baseURI).href, done, failed), { once: true });
      });
      document.body.append(this.frame);
    }

    // Gives the frame what a worker has, then its script.
    start(url, done, failed) {
      const inside = this.frame.contentWindow;
      const load = (address) =>
        new Promise((loaded, refused) => {
          const script = inside.document.createElement("script");
          Object.assign(script, { src: address, onload: loaded, onerror: refused });
          inside.document.body.append(script);
        });
      inside.postMessage = (data) => {
        const event = new MessageEvent("message", { data: structuredClone(data) });
        this.dispatchEvent(event);
        this.onmessage?.(event);
      };
      inside.importScripts = (...addresses) =>
        addresses.reduce((before, address) => before.then(() => load(address)), Promise.resolve());
      load(url).then(done, failed);
    }

    postMessage(data) {
      this.ready.then(() => {
        const inside = this.frame.contentWindow;
        inside.dispatchEvent(new inside.MessageEvent("message", { data: structuredClone(data) }));
      });
    }

    terminate() {
      this.frame.remove();
    }
  };
}
