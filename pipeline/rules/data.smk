if is_drawn(RAW):

    rule sample:
        input:
            code=sources("sample"),
        output:
            raw=directory("data/raw/sample"),
        log:
            "data/experiments/<experiment>/logs/sample.log",
        benchmark:
            "data/experiments/<experiment>/benchmarks/sample.tsv"
        params:
            settings=section("sample", "seed"),
        message:
            "Draw the data set sample"
        shell:
            "python -m pipeline sample --raw {output.raw} --settings {params.settings:q} &> {log}"


rule validate:
    input:
        raw=raw_files,
        code=sources("validate"),
    output:
        manifest="data/experiments/<experiment>/manifest.csv",
        dataset="data/experiments/<experiment>/dataset.json",
    log:
        "data/experiments/<experiment>/logs/validate.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/validate.tsv"
    params:
        raw=f"data/raw/{params.dataset}",
        settings=section("data"),
    message:
        "Check the raw files"
    shell:
        "python -m pipeline validate --raw {params.raw} --manifest {output.manifest} --dataset {output.dataset}"
        " --settings {params.settings:q} &> {log}"


rule prepare:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        dataset="data/experiments/<experiment>/dataset.json",
        code=sources("prepare"),
    output:
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
    log:
        "data/experiments/<experiment>/logs/prepare.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/prepare.tsv"
    params:
        raw=f"data/raw/{params.dataset}",
        settings=section("data"),
    message:
        "Prepare the arrays"
    shell:
        "python -m pipeline prepare --raw {params.raw} --manifest {input.manifest} --dataset {input.dataset}"
        " --images {output.images} --masks {output.masks} --depths {output.depths} --index {output.index}"
        " --settings {params.settings:q} &> {log}"


rule explore:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        dataset="data/experiments/<experiment>/dataset.json",
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        code=sources("explore"),
    output:
        explored="data/experiments/<experiment>/explored.json",
    log:
        "data/experiments/<experiment>/logs/explore.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/explore.tsv"
    priority: 50
    message:
        "Look at the data"
    shell:
        "python -m pipeline explore --manifest {input.manifest} --dataset {input.dataset} --index {input.index}"
        " --explored {output.explored} &> {log}"


rule split:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        code=sources("split"),
    output:
        splits="data/experiments/<experiment>/splits.csv",
        summary="data/experiments/<experiment>/splits.json",
    log:
        "data/experiments/<experiment>/logs/split.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/split.tsv"
    params:
        settings=section("split", "seed"),
    message:
        "Split the samples into folds"
    shell:
        "python -m pipeline split --manifest {input.manifest} --splits {output.splits} --summary {output.summary}"
        " --settings {params.settings:q} &> {log}"


rule clip:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        code=sources("clip"),
    output:
        clipped="data/experiments/<experiment>/clipped.json",
    log:
        "data/experiments/<experiment>/logs/clip.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/clip.tsv"
    # before the fits, so that they do not begin where it fails; no input of theirs, else one model's clip would redo them all
    priority: 150
    params:
        settings=section("clip_frames", "data"),
    message:
        "Check that the sequences hold the clips"
    shell:
        "python -m pipeline clip --manifest {input.manifest} --clipped {output.clipped} --settings {params.settings:q} &> {log}"


rule foretell:
    input:
        dataset="data/experiments/<experiment>/dataset.json",
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits="data/experiments/<experiment>/splits.csv",
        admitted="data/experiments/<experiment>/admitted.json",
        code=sources("foretell"),
    output:
        cost="data/experiments/<experiment>/cost.json",
    log:
        "data/experiments/<experiment>/logs/foretell.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/foretell.tsv"
    # first, with the cores of a fit: asking for all of them it would wait for fits that began on one; no input of theirs,
    # else its reruns would hide theirs
    priority: 100
    threads: params.train.threads
    params:
        settings=section("task", "models", "train", "augment", "search", "split", "seed", "extra_fits"),
    message:
        "Foretell what the fits will cost"
    shell:
        "python -m pipeline foretell --index {input.index} --dataset {input.dataset} --splits {input.splits}"
        " --cost {output.cost} --settings {params.settings:q} &> {log}"
        " && tail -n 1 {log} >&2"


rule augment:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        code=sources("augment"),
    output:
        augmented="data/experiments/<experiment>/augmented.npz",
    log:
        "data/experiments/<experiment>/logs/augment.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/augment.tsv"
    priority: 50
    params:
        settings=section("shown_augment", "train", "seed"),
    message:
        "Draw augmentations of one sample"
    shell:
        "python -m pipeline augment --manifest {input.manifest} --index {input.index} --augmented {output.augmented}"
        " --settings {params.settings:q} &> {log}"


rule preview:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        dataset="data/experiments/<experiment>/dataset.json",
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        explored="data/experiments/<experiment>/explored.json",
        augmented="data/experiments/<experiment>/augmented.npz",
        splits="data/experiments/<experiment>/splits.csv",
        split_summary="data/experiments/<experiment>/splits.json",
        audited="data/experiments/<experiment>/audited.json",
        code=sources("preview"),
        templates=files_in("pipeline/report/templates"),
    output:
        page=report("reports/<experiment>/data.html", category="Report"),
    log:
        "data/experiments/<experiment>/logs/preview.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/preview.tsv"
    # it and what it waits for come before `admit`, which stops the workflow at leaks that the page shows; no input of the
    # fits, else its reruns would be theirs
    priority: 50
    params:
        settings=section("params"),
    message:
        "Show the data before anything trains: {output.page}"
    shell:
        "python -m pipeline preview --manifest {input.manifest} --dataset {input.dataset} --index {input.index}"
        " --explored {input.explored} --augmented {input.augmented} --splits {input.splits}"
        " --split-summary {input.split_summary} --audited {input.audited} --page {output.page}"
        " --settings {params.settings:q} &> {log}"
