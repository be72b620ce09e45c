# Figures: vector graphics for print, a picture for the screen, and the numbers as a table. Which there are stands in
# drawing.smk.


use rule job as figure with:
    input:
        unpack(inputs_of(FIGURES)),
    output:
        pdf="<results>/<artifact>.pdf",
        png=report(
            "<results>/<artifact>.png",
            caption="../report/figure.rst",
            category=lambda wildcards: FIGURES[wildcards.figure][0],
            labels=lambda wildcards: {"figure": wildcards.figure.replace("_", " ").replace("-", ": ")},
        ),
        csv="<results>/<artifact>.csv",
    pathvars:
        artifact="figures/{figure}",
    params:
        # Without a name, since no figure is drawn again for its caption.
        caption_of(FIGURES),
        **by("draw.py", settings_of(FIGURES), figure_module),


use rule job as animation with:
    input:
        **drawn_from(["environments", "replays"], SWEPT),
    output:
        gif="<results>/<artifact>.gif",
        csv="<results>/<artifact>.csv",
        page=report(
            "<results>/<artifact>.html",
            caption="../report/animation.rst",
            category="3 Replay",
            labels={"figure": "animation"},
        ),
    pathvars:
        artifact="figures/animation",
    params:
        **by("draw_animation.py", {"environments": traits(SWEPT), **choices_of(CONFIGURATION)}),


rule figures:
    input:
        drawn(PAPER_FIGURES),


rule theory:
    input:
        rules.theory_claims.output.claims,
        drawn(THEORY_FIGURES),


rule questions:
    input:
        rules.answers.output,
        drawn(QUESTION_FIGURES),
        rules.biology_table.output if SWEPT else [],


rule readings:
    input:
        rules.readings_table.output if READ else [],
        drawn(READING_FIGURES),


rule extended:
    input:
        rules.extended_networks_table.output if FURTHER_NETWORKS else [],
        rules.extended_metrics_table.output if FURTHER_METRICS else [],
        rules.stability_table.output if PUSHED else [],
        rules.questions.input,
