# What is made again, and when: docs/reruns.md.

from pipeline import occupancy, snakemake_adapter

if "--unlock" in sys.argv:
    try:
        occupancy.refuse_beside_a_live_run()
    except occupancy.OccupiedError as error:
        raise WorkflowError(f"Nothing was unlocked: {error}.") from None

snakemake_adapter.install(RESULTS, announce, workflow.is_main_process)
