rule compare:
    input:
        scores=of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", TESTED),
        records=of_fits("data/experiments/<experiment>/models/{model}/{fold}.json", TESTED),
        trials=of_fits(
            "data/experiments/<experiment>/search/{model}/{fold}.csv", [fit for fit in SEARCHES if fit in TESTED]
        ),
        summary="data/experiments/<experiment>/splits.json",
        code=sources("compare"),
    output:
        comparison="reports/<experiment>/comparison.csv",
        tests="reports/<experiment>/tests.csv",
        metrics="reports/<experiment>/metrics.json",
        costs="reports/<experiment>/costs.csv",
        policies="reports/<experiment>/policies.csv",
    log:
        "data/experiments/<experiment>/logs/compare.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/compare.tsv"
    params:
        settings=section("compare", "evaluate", "split", "seed"),
    message:
        "Compare the models"
    shell:
        "python -m pipeline compare --scores {input.scores} --summary {input.summary} --records {input.records}"
        " --trials {input.trials} --comparison {output.comparison} --tests {output.tests} --metrics {output.metrics}"
        " --costs {output.costs} --policies {output.policies} --settings {params.settings:q} &> {log}"


rule gauge:
    input:
        dataset="data/experiments/<experiment>/dataset.json",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        predictions=of_fits("data/experiments/<experiment>/predictions/{model}/{fold}.npz", TESTED),
        code=sources("gauge"),
    output:
        calibration="reports/<experiment>/calibration.csv",
        reliability="reports/<experiment>/reliability.csv",
        uncertainty="data/experiments/<experiment>/uncertainty/test.csv",
    log:
        "data/experiments/<experiment>/logs/gauge.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/gauge.tsv"
    params:
        settings=section("task", "split", "compare", "seed"),
    message:
        "Tell how far probabilities can be believed"
    shell:
        "python -m pipeline gauge --dataset {input.dataset} --index {input.index} --predictions {input.predictions}"
        " --calibration {output.calibration} --reliability {output.reliability} --uncertainty {output.uncertainty}"
        " --settings {params.settings:q} &> {log}"


rule register:
    input:
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits="data/experiments/<experiment>/splits.csv",
        metrics="reports/<experiment>/metrics.json",
        models=of_fits("data/experiments/<experiment>/models/{model}/{fold}.npz", OWN),
        predictions=of_fits("data/experiments/<experiment>/predictions/{model}/{fold}.npz", TESTED),
        code=sources("register", MODELS),
    output:
        registered="data/experiments/<experiment>/registered.json",
        uncertainty="data/experiments/<experiment>/uncertainty/final_test.csv",
    log:
        "data/experiments/<experiment>/logs/register.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/register.tsv"
    params:
        settings=section(
            "experiment",
            "task",
            "seed",
            "data",
            "split",
            "train",
            "predict",
            "evaluate",
            "compare",
            "registry",
            "tracking",
        ),
    message:
        "Register the chosen model"
    shell:
        "python -m pipeline register --index {input.index} --splits {input.splits} --metrics {input.metrics}"
        " --models {input.models} --predictions {input.predictions} --registered {output.registered} --uncertainty {output.uncertainty}"
        " --settings {params.settings:q} &> {log}"


rule segment:
    input:
        images="data/experiments/<experiment>/prepared/images.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        models=of_fits("data/experiments/<experiment>/models/{model}/{fold}.npz", OWN),
        registered="data/experiments/<experiment>/registered.json",
        code=sources("segment", MODELS),
    output:
        unlabelled=directory("data/experiments/<experiment>/unlabelled"),
        uncertainty="data/experiments/<experiment>/uncertainty/unlabelled.csv",
    log:
        "data/experiments/<experiment>/logs/segment.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/segment.tsv"
    threads: params.train.threads
    resources:
        mem_mb=fit_memory,
        gpu=fit_gpus,
    params:
        settings=section("predict", "train", "seed"),
    message:
        "Segment the unlabelled samples"
    shell:
        "python -m pipeline segment --index {input.index} --models {input.models} --registered {input.registered}"
        " --unlabelled {output.unlabelled} --uncertainty {output.uncertainty} --settings {params.settings:q} &> {log}"


rule track:
    input:
        records=of_fits("data/experiments/<experiment>/models/{model}/{fold}.json", FITS + EXTRA),
        histories=of_fits("data/experiments/<experiment>/models/{model}/{fold}.csv", FITS + EXTRA),
        scores=of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", TESTED + EXTRA),
        predictions=of_fits("data/experiments/<experiment>/predictions/{model}/{fold}.npz", TESTED),
        comparison="reports/<experiment>/comparison.csv",
        metrics="reports/<experiment>/metrics.json",
        costs="reports/<experiment>/costs.csv",
        calibration="reports/<experiment>/calibration.csv",
        code=sources("track"),
    output:
        tracked="data/experiments/<experiment>/tracked.json",
    log:
        "data/experiments/<experiment>/logs/track.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/track.tsv"
    params:
        settings=section("experiment", "tracking"),
    message:
        "Complete the tracked runs"
    shell:
        "python -m pipeline track --records {input.records} --scores {input.scores} --predictions {input.predictions}"
        " --comparison {input.comparison} --metrics {input.metrics} --costs {input.costs}"
        " --calibration {input.calibration} --tracked {output.tracked} --settings {params.settings:q} &> {log}"


rule diagnose:
    input:
        images="data/experiments/<experiment>/prepared/images.npy",
        masks="data/experiments/<experiment>/prepared/masks.npy",
        depths="data/experiments/<experiment>/prepared/depths.npy",
        index="data/experiments/<experiment>/prepared/index.csv",
        splits="data/experiments/<experiment>/splits.csv",
        metrics="reports/<experiment>/metrics.json",
        models=of_fits("data/experiments/<experiment>/models/{model}/{fold}.npz", TESTED),
        code=sources("diagnose", MODELS),
    output:
        diagnosed="data/experiments/<experiment>/diagnosed.npz",
    log:
        "data/experiments/<experiment>/logs/diagnose.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/diagnose.tsv"
    threads: params.train.threads
    params:
        settings=section("train", "seed"),
    message:
        "Run the best model in training mode"
    shell:
        "python -m pipeline diagnose --index {input.index} --splits {input.splits} --metrics {input.metrics}"
        " --models {input.models} --diagnosed {output.diagnosed} --settings {params.settings:q} &> {log}"


rule report:
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
        fits=of_fits("data/experiments/<experiment>/models/{model}/{fold}.json"),
        histories=of_fits("data/experiments/<experiment>/models/{model}/{fold}.csv"),
        searches=of_fits("data/experiments/<experiment>/search/{model}/{fold}.json", SEARCHES),
        trials=of_fits("data/experiments/<experiment>/search/{model}/{fold}.csv", SEARCHES),
        predictions=of_fits("data/experiments/<experiment>/predictions/{model}/{fold}.npz", TESTED),
        scores=of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", TESTED),
        comparison="reports/<experiment>/comparison.csv",
        tests="reports/<experiment>/tests.csv",
        costs="reports/<experiment>/costs.csv",
        metrics="reports/<experiment>/metrics.json",
        diagnosed="data/experiments/<experiment>/diagnosed.npz",
        registered="data/experiments/<experiment>/registered.json",
        tracked="data/experiments/<experiment>/tracked.json",
        unlabelled="data/experiments/<experiment>/unlabelled",
        calibration="reports/<experiment>/calibration.csv",
        reliability="reports/<experiment>/reliability.csv",
        uncertainty=[
            "data/experiments/<experiment>/uncertainty/test.csv",
            "data/experiments/<experiment>/uncertainty/final_test.csv",
            "data/experiments/<experiment>/uncertainty/unlabelled.csv",
        ],
        advice=[
            "data/experiments/<experiment>/suspects.csv",
            "data/experiments/<experiment>/suggested.csv",
            *EXTRA_TABLES,
        ],
        extra_folds=sorted({f"data/experiments/<experiment>/extra/{fold}.csv" for _, fold in params.curve_fits}),
        extra_scores=of_fits("data/experiments/<experiment>/scores/{model}/{fold}.csv", EXTRA),
        code=sources("report"),
        templates=files_in("pipeline/report/templates"),
    output:
        page=report("reports/<experiment>/index.html", category="Report"),
        card="reports/<experiment>/model_card.md",
    log:
        "data/experiments/<experiment>/logs/report.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/report.tsv"
    params:
        benchmarks=f"data/experiments/{params.experiment}/benchmarks",
        settings=section("params"),
    message:
        "Write the report"
    shell:
        "python -m pipeline report --manifest {input.manifest} --dataset {input.dataset} --index {input.index}"
        " --explored {input.explored} --augmented {input.augmented} --splits {input.splits}"
        " --split-summary {input.split_summary} --audited {input.audited}"
        " --fits {input.fits} --histories {input.histories} --searches {input.searches} --trials {input.trials}"
        " --predictions {input.predictions} --scores {input.scores} --comparison {input.comparison}"
        " --tests {input.tests} --costs {input.costs} --metrics {input.metrics} --diagnosed {input.diagnosed}"
        " --registered {input.registered}"
        " --tracked {input.tracked} --unlabelled {input.unlabelled} --calibration {input.calibration}"
        " --reliability {input.reliability} --uncertainty {input.uncertainty}"
        " --advice {input.advice} --extra-folds {input.extra_folds} --extra-scores {input.extra_scores}"
        " --benchmarks $(find {params.benchmarks} -name '*.tsv' ! -name report.tsv ! -name publish.tsv | sort) --page {output.page} --card {output.card}"
        " --settings {params.settings:q} &> {log}"


rule publish:
    input:
        records=of_fits("data/experiments/<experiment>/models/{model}/{fold}.json"),
        metrics="reports/<experiment>/metrics.json",
        tables=[
            "reports/<experiment>/comparison.csv",
            "reports/<experiment>/tests.csv",
            "reports/<experiment>/costs.csv",
            "reports/<experiment>/policies.csv",
            "reports/<experiment>/calibration.csv",
            "reports/<experiment>/reliability.csv",
            "data/experiments/<experiment>/suspects.csv",
            "data/experiments/<experiment>/suggested.csv",
            *EXTRA_TABLES,
        ],
        pages=[
            "reports/<experiment>/index.html",
            "reports/<experiment>/data.html",
            "reports/<experiment>/model_card.md",
        ],
        tracked="data/experiments/<experiment>/tracked.json",
        code=sources("publish"),
    output:
        published="data/experiments/<experiment>/published.json",
    log:
        "data/experiments/<experiment>/logs/publish.log",
    benchmark:
        "data/experiments/<experiment>/benchmarks/publish.tsv"
    params:
        settings=section("params"),
    message:
        "Publish the comparison in MLflow"
    shell:
        "python -m pipeline publish --records {input.records} --metrics {input.metrics} --tables {input.tables}"
        " --pages {input.pages} --published {output.published} --settings {params.settings:q} &> {log}"
