if SEARCHES:

    rule search:
        input:
            dataset="data/experiments/<experiment>/dataset.json",
            images="data/experiments/<experiment>/prepared/images.npy",
            masks="data/experiments/<experiment>/prepared/masks.npy",
            depths="data/experiments/<experiment>/prepared/depths.npy",
            index="data/experiments/<experiment>/prepared/index.csv",
            splits="data/experiments/<experiment>/splits.csv",
            admitted="data/experiments/<experiment>/admitted.json",
            weights=weights_file,
            code=model_sources("search"),
        output:
            best="data/experiments/<experiment>/search/{model}/{fold}.json",
            trials="data/experiments/<experiment>/search/{model}/{fold}.csv",
        log:
            "data/experiments/<experiment>/logs/search/{model}/{fold}.log",
        benchmark:
            "data/experiments/<experiment>/benchmarks/search/{model}/{fold}.tsv"
        threads: fit_threads
        resources:
            mem_mb=fit_memory,
            gpu=fit_gpus,
        params:
            journal=f"data/experiments/{params.experiment}/checkpoints/{{model}}/{{fold}}.journal",
            settings=section(
                "task",
                "model",
                "train",
                "augment",
                "predict",
                "evaluate",
                "compare",
                "search",
                "seed",
                "experiment",
                "tracking",
            ),
        message:
            "Search hyper-parameters of {wildcards.model} in fold {wildcards.fold}"
        shell:
            "python -m pipeline search --index {input.index} --dataset {input.dataset} --splits {input.splits}"
            " --best {output.best} --trials {output.trials} --journal {params.journal} --settings {params.settings:q} &> {log}"


rule train:
    input:
        dataset="data/experiments/<experiment>/dataset.json",
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits=splits_of_fold,
        admitted="data/experiments/<experiment>/admitted.json",
        best=searched("data/experiments/<experiment>/search/{model}/{fold}.json"),
        weights=weights_file,
        received=received,
        code=model_sources("train"),
    output:
        fitted="data/experiments/<experiment>/models/{model}/{fold}.npz",
        history="data/experiments/<experiment>/models/{model}/{fold}.csv",
        record="data/experiments/<experiment>/models/{model}/{fold}.json",
    log:
        "data/experiments/<experiment>/logs/train/{model}/{fold}.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/train/{model}/{fold}.tsv"
    threads: fit_threads
    resources:
        mem_mb=fit_memory,
        gpu=fit_gpus,
    params:
        checkpoint=f"data/experiments/{params.experiment}/checkpoints/{{model}}/{{fold}}.npz",
        settings=section("task", "model", "train", "augment", "seed", "experiment", "tracking"),
    message:
        "Fit {wildcards.model} in fold {wildcards.fold}"
    shell:
        "python -m pipeline train --index {input.index} --dataset {input.dataset} --splits {input.splits}"
        " --fitted {output.fitted} --history {output.history} --record {output.record} --checkpoint {params.checkpoint}"
        " --best {input.best} --settings {params.settings:q} &> {log}"


rule predict:
    input:
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits="data/experiments/<experiment>/splits.csv",
        fitted=of_folds("data/experiments/<experiment>/models/{model}/{fold}.npz"),
        received=received,
        code=model_sources("predict"),
    output:
        predictions=of_folds("data/experiments/<experiment>/predictions/{model}/{fold}.npz"),
    log:
        "data/experiments/<experiment>/logs/predict/{model}.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/predict/{model}.tsv"
    threads: fit_threads
    resources:
        mem_mb=fit_memory,
        gpu=fit_gpus,
    params:
        settings=section("model", "predict", "train", "seed"),
    message:
        "Predict the test samples by {wildcards.model}"
    shell:
        "python -m pipeline predict --index {input.index} --splits {input.splits} --fitted {input.fitted}"
        " --predictions {output.predictions} --settings {params.settings:q} &> {log}"


rule evaluate:
    input:
        dataset="data/experiments/<experiment>/dataset.json",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        predictions=of_folds("data/experiments/<experiment>/predictions/{model}/{fold}.npz"),
        code=sources("evaluate"),
    output:
        scores=of_folds("data/experiments/<experiment>/scores/{model}/{fold}.csv"),
    log:
        "data/experiments/<experiment>/logs/evaluate/{model}.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/evaluate/{model}.tsv"
    params:
        settings=section("task", "scoring", "predict"),
    message:
        "Score {wildcards.model}"
    shell:
        "python -m pipeline evaluate --dataset {input.dataset} --index {input.index} --predictions {input.predictions}"
        " --scores {output.scores} --settings {params.settings:q} &> {log}"
