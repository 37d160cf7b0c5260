from snakemake.utils import min_version

min_version("9.27")


include: "pipeline/rules/common.smk"
include: "pipeline/rules/data.smk"
include: "pipeline/rules/audit.smk"


if params.task is None:

    rule all:
        default_target: True
        input:
            "reports/<experiment>/data.html",
            "data/experiments/<experiment>/admitted.json",
        message:
            "All is up to date"

else:

    include: "pipeline/rules/models.smk"
    include: "pipeline/rules/results.smk"

    rule all:
        default_target: True
        input:
            "reports/<experiment>/data.html",
            "reports/<experiment>/index.html",
            "reports/<experiment>/metrics.json",
            "reports/<experiment>/comparison.csv",
            "data/experiments/<experiment>/cost.json",
            "data/experiments/<experiment>/registered.json",
            "data/experiments/<experiment>/unlabelled",
        message:
            "All is up to date"
