rule refold:
    input:
        manifest="data/experiments/<experiment>/manifest.csv",
        splits="data/experiments/<experiment>/splits.csv",
        code=sources("refold"),
    output:
        folds="data/experiments/<experiment>/extra/{extra}.csv",
    log:
        "data/experiments/<experiment>/logs/refold/{extra}.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/refold/{extra}.tsv"
    params:
        settings=section("split", "seed"),
    message:
        "Derive fold {wildcards.extra}"
    shell:
        "python -m pipeline refold --manifest {input.manifest} --splits {input.splits} --folds {output.folds}"
        " --settings {params.settings:q} &> {log}"


use rule predict as predict_extra with:
    input:
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits="data/experiments/<experiment>/extra/{extra}.csv",
        fitted="data/experiments/<experiment>/models/{model}/{extra}.npz",
        code=model_sources("predict"),
    output:
        predictions=temp("data/experiments/<experiment>/predictions/{model}/{extra}.npz"),
    log:
        "data/experiments/<experiment>/logs/predict/{model}/{extra}.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/predict/{model}/{extra}.tsv"
    message:
        "Predict the test samples by {wildcards.model} in fold {wildcards.extra}"


use rule evaluate as evaluate_extra with:
    input:
        dataset="data/experiments/<experiment>/dataset.json",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        predictions="data/experiments/<experiment>/predictions/{model}/{extra}.npz",
        code=sources("evaluate"),
    output:
        scores="data/experiments/<experiment>/scores/{model}/{extra}.csv",
    log:
        "data/experiments/<experiment>/logs/evaluate/{model}/{extra}.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/evaluate/{model}/{extra}.tsv"
    message:
        "Score {wildcards.model} in fold {wildcards.extra}"


if params.curve_fits:

    rule curve:
        input:
            folds=sorted({f"data/experiments/<experiment>/extra/{fold}.csv" for _, fold in params.curve_fits}),
            splits="data/experiments/<experiment>/splits.csv",
            scores=of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", with_base(params.curve_fits)),
            code=sources("curve"),
        output:
            learning_curve="data/experiments/<experiment>/extra/learning_curve.csv",
        log:
            "data/experiments/<experiment>/logs/curve.log",
        benchmark:
            "data/experiments/<experiment>/benchmarks/curve.tsv"
        params:
            settings=section("curve", "evaluate", "compare", "split", "seed"),
        message:
            "Foretell what more training samples would give"
        shell:
            "python -m pipeline curve --folds {input.folds} --splits {input.splits} --scores {input.scores}"
            " --learning-curve {output.learning_curve} --settings {params.settings:q} &> {log}"


if params.seed_fits:

    rule vary:
        input:
            scores=of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", with_base(params.seed_fits)),
            code=sources("vary"),
        output:
            variance="data/experiments/<experiment>/extra/variance.csv",
        log:
            "data/experiments/<experiment>/logs/vary.log",
        benchmark:
            "data/experiments/<experiment>/benchmarks/vary.tsv"
        params:
            settings=section("evaluate", "compare", "split"),
        message:
            "Tell where the variance comes from"
        shell:
            "python -m pipeline vary --scores {input.scores} --variance {output.variance} --settings {params.settings:q} &> {log}"


rule suspect:
    input:
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        predictions=of_fits("data/experiments/<experiment>/predictions/{model}/{fold}.npz", TESTED),
        tests="reports/<experiment>/tests.csv",
        metrics="reports/<experiment>/metrics.json",
        code=sources("suspect"),
    output:
        suspects="data/experiments/<experiment>/suspects.csv",
    log:
        "data/experiments/<experiment>/logs/suspect.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/suspect.tsv"
    params:
        settings=section("models", "compare"),
    message:
        "Rank the labels by how doubtful they are"
    shell:
        "python -m pipeline suspect --index {input.index} --predictions {input.predictions} --tests {input.tests}"
        " --metrics {input.metrics} --suspects {output.suspects} --settings {params.settings:q} &> {log}"


rule suggest:
    input:
        images="data/experiments/<experiment>/prepared/images.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        uncertainty="data/experiments/<experiment>/uncertainty/unlabelled.csv",
        code=sources("suggest"),
    output:
        suggested="data/experiments/<experiment>/suggested.csv",
    log:
        "data/experiments/<experiment>/logs/suggest.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/suggest.tsv"
    message:
        "Suggest what to label next"
    shell:
        "python -m pipeline suggest --index {input.index} --uncertainty {input.uncertainty} --suggested {output.suggested} &> {log}"


# what the parameters ask for besides the comparison: nothing unless section curve or train.seeds says so
rule extra:
    input:
        EXTRA_TABLES,
