"""The explorer: what its page holds, and the page as a reader uses it, in a browser without a network."""

import json

import numpy as np
import pytest
from browsing import complaints, needs_browser
from rnn_replay.claims.contrasts import SPEED
from rnn_replay.explorer import paths
from rnn_replay.explorer.grids import grids_of, over_seeds
from rnn_replay.explorer.page import contents, page
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait
from synthetic_explorer import DECODERS, FRICTIONS, MEASURES, STRENGTHS, environment, metrics, networks, replays

NAMES = ["leak{leak}_mask{mask_hidden}"]
MERGED = [("line", "leak0.3_mask10", "grafted"), ("line", "leak0.3_mask10", "momentum")]


def test_grafted_and_momentum_are_one_grid_and_no_setting_stands_twice():
    (grid,) = grids_of(MERGED, metrics(), networks(), NAMES)
    cells = list(grid.cells())
    assert len(cells) == len(STRENGTHS) * len(FRICTIONS) + 1  # of momentum only the friction that grafted has not
    assert [sweep for _, sweep, _ in cells].count("momentum") == 1
    assert (grid.column, grid.row) == ("friction", ("adaptation_strength",))


def test_networks_that_differ_in_leak_are_one_grid_over_leak_and_mask():
    found = grids_of(
        [("line", f"leak{leak}_mask10", "leakage") for leak in (0, 0.3)],
        metrics(),
        networks(),
        NAMES,
    )
    (grid,) = found
    assert (grid.column, grid.row, grid.network) == ("leak", ("mask_hidden",), NAMES[0])
    assert [variant for variant, _, _ in grid.cells()] == ["leak0_mask10", "leak0.3_mask10"]


def test_another_sweep_is_shown_along_the_setting_that_it_varies():
    (grid,) = grids_of([("line", "leak0.3_mask10", "louder")], metrics(), networks(), NAMES)
    assert (grid.column, grid.row) == ("friction", ("noise",))
    assert [grid.label(rows.iloc[0]) for rows in grid.cells().values()] == ["1", "2"]


def test_values_are_those_of_the_table():
    table = metrics()
    (grid,) = grids_of(MERGED, table, networks(), NAMES)
    for (variant, sweep, setting), rows in grid.cells().items():
        for decoder in DECODERS:
            of = (table["variant"] == variant) & (table["sweep"] == sweep) & (table["setting"] == setting)
            of &= (table["decoder"] == decoder) & (table["metric"] == SPEED)
            wanted = table[of]["value"]
            speed = over_seeds(rows, "occupancy_entropy", 0.95)[decoder][0]
            np.testing.assert_allclose(speed["seeds"], wanted, rtol=1e-3)
            np.testing.assert_allclose(speed["mean"], wanted.mean(), rtol=1e-3)


def test_paths_are_those_of_the_artifact_to_half_a_centimetre():
    data = replays("grafted")
    numbers = paths.first_of_starts(data)
    for packed, number in zip(paths.replayed(data, "template", 2, numbers), numbers, strict=True):
        if data["diverged"].values[2, number]:
            assert packed is None
            continue
        found = np.cumsum(np.reshape(packed, (-1, 2)), axis=0) / paths.SCALE
        wanted = paths.smooth(data["position"].values[0, 2, number])[:: paths.EVERY]
        np.testing.assert_allclose(found, wanted, atol=0.5001 / paths.SCALE)


def test_awake_paths_begin_where_replays_do():
    data = replays("grafted")
    numbers = paths.first_of_starts(data)
    smoothed = paths.smooth(data["awake_position"].values[0])
    for packed, number in zip(paths.awake(data, "template", numbers), numbers, strict=True):
        start = smoothed[data["start_path"].values[number], data["start_time"].values[number]]
        np.testing.assert_allclose(np.array(packed[:2]) / paths.SCALE, start, atol=0.5001 / paths.SCALE)


def shown(without: tuple[str, ...] = ()) -> dict:
    """Contents of the synthetic run, in which some metrics have no value."""
    sweeps = [replays("grafted"), replays("momentum"), replays("louder")]
    table = metrics()
    table.loc[table["metric"].isin(without), "value"] = np.nan
    return contents({"line": environment()}, sweeps, table, networks(), NAMES, {"line": "occupancy_entropy"}, 0.95)


def test_the_same_results_give_the_same_page():
    assert page(shown()) == page(shown())
    assert json.dumps(shown(), allow_nan=False)


PATHS = "JSON.stringify(views.map.data('paths').filter(p => p.what === 'replay').map(p => [p.x, p.y]))"


@pytest.fixture
def explorer(browser, tmp_path, request):
    """The page of the synthetic run, standing still."""
    path = tmp_path / "explorer.html"
    path.write_text(page(shown(*getattr(request, "param", ()))))
    complaints(browser)
    browser.get(path.as_uri())
    wait(browser, "document.body.dataset.ready")
    browser.execute_script("play(false)")
    yield browser
    assert not complaints(browser)


def wait(browser, expression):
    """What an expression is, once that is something."""
    return WebDriverWait(browser, 30).until(lambda b: b.execute_script(f"return {expression}"))


def seen(browser) -> tuple[str, str]:
    """Replays on the map, and the sentence beside it."""
    return wait(browser, PATHS), browser.find_element("id", "said").text


def changed(browser, before: tuple[str, str]) -> tuple[str, str]:
    """The same, once both are others than before."""
    wait(browser, f"{PATHS} !== {json.dumps(before[0])}")
    after = seen(browser)
    assert after[1] != before[1]
    return after


@pytest.mark.browser
@needs_browser
def test_a_click_on_a_cell_shows_its_replays_and_its_values(explorer):
    before = seen(explorer)
    (cell,) = [text for text in explorer.find_elements("css selector", "#grid text") if text.text == "1.55"]
    cell.click()
    changed(explorer, before)
    number = int(explorer.find_element("id", "setting").get_attribute("value"))
    assert shown()["grids"][0]["cells"][number]["values"]["template"][0]["mean"] == pytest.approx(1.55, abs=0.005)


@pytest.mark.browser
@needs_browser
def test_arrow_keys_choose_a_setting(explorer):
    before = seen(explorer)
    explorer.find_element("id", "grid").send_keys(Keys.ARROW_RIGHT)
    after = changed(explorer, before)
    assert after[1].startswith("Friction 0.6, adaptation 0.")
    explorer.find_element("id", "grid").send_keys(Keys.ARROW_UP)
    assert changed(explorer, after)[1].startswith("Friction 0.6, adaptation 0.1.")


@pytest.mark.browser
@needs_browser
def test_another_decoder_measure_and_sweep_can_be_chosen(explorer):
    before = seen(explorer)
    Select(explorer.find_element("id", "decoder")).select_by_visible_text("readout")
    before = changed(explorer, before)
    explorer.find_elements("css selector", "#measure input")[2].click()
    wait(explorer, "document.getElementById('said').textContent.includes('Distance from awake paths')")
    Select(explorer.find_element("id", "sweep")).select_by_visible_text("Louder")
    changed(explorer, before)
    wait(explorer, "document.querySelector('#grid').textContent.includes('Noise (× that of training)')")


@pytest.mark.browser
@needs_browser
def test_the_slider_moves_the_paths(explorer):
    image = "document.querySelector('#map canvas').toDataURL()"
    before = wait(explorer, image)
    explorer.execute_script("el('time').value = 2; el('time').dispatchEvent(new Event('input'))")
    wait(explorer, f"{image} !== {json.dumps(before)}")
    assert explorer.find_element("id", "clock").text.startswith("2.0 of ")


@pytest.mark.browser
@needs_browser
@pytest.mark.parametrize("explorer", [[(SPEED,)], [tuple(MEASURES)]], indirect=True, ids=["no speed", "nothing"])
def test_a_measure_without_values_is_said_to_be_undefined_and_not_complained_of(explorer):
    assert "Speed is not defined here. This is the reference" in explorer.find_element("id", "said").text
    cells = [text.text for text in explorer.find_elements("css selector", "#grid text")]
    assert cells.count("–") == explorer.execute_script("return grid().cells.length")
    assert not explorer.find_elements("css selector", "#grid .role-legend")
