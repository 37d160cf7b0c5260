from snakemake.utils import min_version

min_version("9.27")


include: "pipeline/rules/common.smk"
include: "pipeline/rules/data.smk"
include: "pipeline/rules/audit.smk"


# what a failed job removed must be asked for, or it would not be missed where older results are there
if params.task is None:

    rule all:
        default_target: True
        input:
            "data/experiments/<experiment>/manifest.csv",
            "data/experiments/<experiment>/prepared/index.csv",
            "data/experiments/<experiment>/explored.json",
            "data/experiments/<experiment>/splits.csv",
            "data/experiments/<experiment>/clipped.json",
            "data/experiments/<experiment>/audited.json",
            "data/experiments/<experiment>/admitted.json",
            "reports/<experiment>/data.html",
        message:
            "All is up to date"

else:

    include: "pipeline/rules/models.smk"
    include: "pipeline/rules/evidence.smk"
    include: "pipeline/rules/results.smk"

    rule all:
        default_target: True
        input:
            "data/experiments/<experiment>/manifest.csv",
            "data/experiments/<experiment>/prepared/index.csv",
            "data/experiments/<experiment>/explored.json",
            "data/experiments/<experiment>/splits.csv",
            "data/experiments/<experiment>/clipped.json",
            "data/experiments/<experiment>/audited.json",
            "data/experiments/<experiment>/admitted.json",
            of_fits("data/experiments/<experiment>/models/{model}/{fold}.npz"),
            of_fits("data/experiments/<experiment>/predictions/{model}/{fold}.npz", TESTED),
            of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", TESTED),
            EXTRA_TABLES,
            "data/experiments/<experiment>/suspects.csv",
            "data/experiments/<experiment>/suggested.csv",
            "reports/<experiment>/data.html",
            "reports/<experiment>/index.html",
            "reports/<experiment>/metrics.json",
            "reports/<experiment>/comparison.csv",
            "data/experiments/<experiment>/cost.json",
            "data/experiments/<experiment>/diagnosed.npz",
            "data/experiments/<experiment>/registered.json",
            "data/experiments/<experiment>/unlabelled",
            "data/experiments/<experiment>/published.json",
        message:
            "All is up to date"
