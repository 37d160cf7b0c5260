rule audit:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits="data/experiments/<experiment>/splits.csv",
        code=sources("audit"),
    output:
        audited="data/experiments/<experiment>/audited.json",
    log:
        "data/experiments/<experiment>/logs/audit.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/audit.tsv"
    params:
        settings=section("leak_search", "split", "seed"),
    message:
        "Look for leaks between the subsets"
    shell:
        "python -m pipeline audit --manifest {input.manifest} --index {input.index} --splits {input.splits}"
        " --audited {output.audited} --settings {params.settings:q} &> {log}"


rule admit:
    input:
        audited="data/experiments/<experiment>/audited.json",
        manifest="data/experiments/<experiment>/manifest.csv",
        code=sources("admit"),
    output:
        admitted="data/experiments/<experiment>/admitted.json",
    log:
        "data/experiments/<experiment>/logs/admit.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/admit.tsv"
    # after the pages that show what it may stop at
    priority: -1
    params:
        settings=section("is_waived", "experiment"),
    message:
        "Stop where the split leaks"
    shell:
        "python -m pipeline admit --audited {input.audited} --manifest {input.manifest} --admitted {output.admitted}"
        " --settings {params.settings:q} &> {log}"


if IMPORTED:

    rule receive:
        input:
            index="data/experiments/<experiment>/prepared/index.csv",
            dataset="data/experiments/<experiment>/dataset.json",
            splits="data/experiments/<experiment>/splits.csv",
            inventories=inventories,
            code=sources("receive"),
        output:
            received="data/experiments/<experiment>/received/{model}.json",
        log:
            "data/experiments/<experiment>/logs/receive/{model}.log",
        benchmark:
            "data/experiments/<experiment>/benchmarks/receive/{model}.tsv"
        # before the fits, so that they do not begin where it fails; no input of theirs, else its reruns would be theirs
        priority: 150
        params:
            settings=section("task", "model", "split"),
        message:
            "Check the predictions of {wildcards.model}"
        shell:
            "python -m pipeline receive --index {input.index} --dataset {input.dataset} --splits {input.splits}"
            " --received {output.received} --settings {params.settings:q} &> {log}"
