"""The explorer's charts as Vega-Lite. The page fills in data, and the words that begin with @."""

import altair as alt

from rnn_replay.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION

COLOURS = [BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, BLACK, GREY]  # of replays and the awake paths they start on
CHOSEN, REFERENCE = VERMILLION, GREY
INK, FLOOR, EMPTY = "#1d1d1b", "#E4E4DF", "#F1F1EE"
TAIL = 2.0  # seconds of a path that are drawn strongly
MAP, CELL = 340, 58  # pixels
ENDS = ("x0", "x1", "y0", "y1")  # of the map, in metres
LOST = 0.05  # share of replays that diverge from which on a cell says so


def charts() -> dict[str, dict]:
    """Specifications by name."""
    made = {"grid": grid(), "map": maps(), "seeds": seeds()}
    return {name: finished(chart).to_dict() for name, chart in made.items()}


def finished(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """A chart in the page's letters, without frames."""
    look = {"font": "system-ui, sans-serif", "background": "transparent"}
    chart = chart.configure(**look).configure_view(stroke=None)
    words = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500}
    return chart.configure_axis(domain=False, ticks=False, grid=False, **words).configure_legend(**words)


def grid() -> alt.LayerChart:
    """Cells coloured by a measure; `chosen` is the number of the one that is shown."""
    gaps = alt.Scale(paddingInner=0.07)
    base = alt.Chart(alt.NamedData("cells")).encode(
        x=alt.X(
            "column:N",
            sort=alt.EncodingSortField("x", op="min"),
            title="@column",
            axis=alt.Axis(labelAngle=0),
            scale=gaps,
        ),
        y=alt.Y("row:N", sort=alt.EncodingSortField("y", op="min", order="descending"), title="@row", scale=gaps),
        tooltip=alt.Tooltip("said:N", title="Setting"),
    )
    ink = alt.condition("datum.dark", alt.value("white"), alt.value(INK))
    run = base.transform_filter("datum.number >= 0")
    measured = run.transform_filter("datum.mean !== null")
    legend = alt.Legend(orient="top", gradientLength=220, titleLimit=400, tickCount=4)
    scale = alt.Scale(scheme="viridis", zero=False, nice=False, reverse=alt.expr("less"))
    square = measured.mark_rect(cornerRadius=6, cursor="pointer").properties(name="measured")
    lost = run.transform_filter(f"datum.diverged > {LOST}").mark_text(dy=17, fontSize=9.5, cursor="pointer")
    chosen = base.transform_filter("datum.number === chosen")
    layers = [
        base.transform_filter("datum.number < 0").mark_rect(cornerRadius=6, color=EMPTY),
        run.mark_rect(cornerRadius=6, color=FLOOR, cursor="pointer"),
        square.encode(color=alt.Color("mean:Q", title="@measure", scale=scale, legend=legend)),
        run.mark_text(fontSize=13, fontWeight=600, cursor="pointer").encode(text="text:N", color=ink),
        lost.encode(text=alt.value("diverges"), color=ink),
        chosen.mark_rect(cornerRadius=6, filled=False, stroke="white", strokeWidth=7),
        chosen.mark_rect(cornerRadius=6, filled=False, stroke=CHOSEN, strokeWidth=4),
    ]
    given = [alt.param(name="chosen", value=0), alt.param(name="less", value="@less")]
    return alt.layer(*layers).add_params(*given).properties(width=alt.Step(CELL), height=alt.Step(CELL))


def maps() -> alt.HConcatChart:
    """Awake paths beside replays up to `time` in seconds, on the floor of the environment."""
    given = [alt.param(name="time", value=0), *(alt.param(name=name, value=f"@{name}") for name in ENDS)]
    panels = alt.hconcat(one_map("awake", "Awake, with input"), one_map("replay", "Replay, without input"), spacing=16)
    return panels.add_params(*given)


def one_map(what: str, words: str) -> alt.LayerChart:
    """The map with the paths of one kind."""
    across, up = (alt.Scale(domain=[alt.expr(f"{d}0"), alt.expr(f"{d}1")], nice=False, zero=False) for d in "xy")
    place = {"x": alt.X("x:Q", axis=None, scale=across), "y": alt.Y("y:Q", axis=None, scale=up)}
    hue = alt.Color("number:N", legend=None, scale=alt.Scale(range=COLOURS))
    ground = alt.Chart(alt.NamedData("ground")).encode(**place)
    floor = ground.transform_filter("datum.kind === 'floor'")
    bar = ground.transform_filter("datum.kind === 'bar'")
    paths = alt.Chart(alt.NamedData("paths")).transform_filter(f"datum.what === '{what}'").encode(**place, color=hue)
    past = paths.transform_filter("datum.t <= time")
    # Where a path is between two of its points; beyond its end it stays there.
    now = past.transform_filter("datum.next > time").transform_calculate(
        share="(time - datum.t) / (datum.next - datum.t)",
        hx="datum.x + datum.share * (datum.nx - datum.x)",
        hy="datum.y + datum.share * (datum.ny - datum.y)",
    )
    here = {"x": alt.X("hx:Q", axis=None, scale=across), "y": alt.Y("hy:Q", axis=None, scale=up)}
    order = alt.Order("t:Q")
    box = ground.transform_filter("datum.kind === 'box'").encode(order=alt.Order("order:Q"))
    layers = [
        box.mark_line(filled=True, fill=FLOOR, stroke=GREY, strokeWidth=1, interpolate="linear-closed"),
        floor.mark_line(strokeWidth=26, strokeCap="round", strokeJoin="round", color=FLOOR).encode(
            order=alt.Order("order:Q"), detail="part:N"
        ),
        bar.mark_line(color=INK, strokeWidth=2).encode(order=alt.Order("order:Q"), detail="part:N"),
        bar.transform_filter("datum.order === 0").mark_text(align="left", dy=12, color=INK).encode(text="word:N"),
        past.mark_line(opacity=0.28, strokeWidth=1.6, clip=True).encode(order=order),
        past.transform_filter(f"datum.next > time - {TAIL}")
        .mark_line(strokeWidth=2.6, strokeCap="round", clip=True)
        .encode(order=order),
        now.mark_rule(strokeWidth=2.6, clip=True).encode(x2="hx:Q", y2="hy:Q"),
        now.mark_circle(size=90, opacity=1, stroke="white", strokeWidth=1.2, clip=True).encode(**here, color=hue),
    ]
    title = alt.Title(words, fontSize=14, fontWeight=600, anchor="start", color=INK)
    return alt.layer(*layers).properties(width=MAP, height=MAP, title=title)


def seeds() -> alt.FacetChart:
    """Each seed's value of each measure, of the setting that is shown above the reference."""
    base = alt.Chart(alt.NamedData("seeds"))
    hue = alt.Color(
        "which:N", legend=None, scale=alt.Scale(domain=["this setting", "reference"], range=[CHOSEN, REFERENCE])
    )
    y = alt.Y("which:N", title=None, sort=["this setting", "reference"], axis=alt.Axis(labelLimit=120))
    x = alt.X("value:Q", title=None, scale=alt.Scale(zero=False, padding=14), axis=alt.Axis(grid=True, tickCount=5))
    points = base.mark_circle(size=60, opacity=0.75).encode(x=x, y=y, color=hue, tooltip=["seed:N", "value:Q"])
    means = base.mark_tick(thickness=3, size=22).encode(x="mean(value):Q", y=y, color=hue)
    rows = alt.layer(points, means).properties(width=330, height=38)
    header = alt.Header(orient="top", labelAnchor="start", labelFontSize=12, labelFontWeight=600, labelColor=INK)
    return rows.facet(
        row=alt.Row("measure:N", title=None, sort=alt.EncodingSortField("order", op="min"), header=header), spacing=4
    ).resolve_scale(x="independent")
