import json
import os
import time
from pathlib import Path

from pipeline.datasets.raw.inventory import write_inventory
from pipeline.datasets.raw.folder import STAMP, explain_missing, is_drawn
from pipeline.params import EXTRA_PATTERN, ParamsError, parse_fold, write_section
from pipeline.params.search import dimensions_of
from pipeline.workflow import (
    clear_stale_lock,
    code_files,
    count_gpus,
    drop_checkpoints,
    find_faults,
    read_merged,
    stop,
    tell_last,
    tell_new_split,
    use_this_python,
)

STARTED = time.time()

use_this_python()
if workflow.is_main_process:
    lock = clear_stale_lock(Path(".snakemake"))

try:
    params = read_merged(
        Path("params.yaml"),
        workflow.overwrite_configfiles,
        workflow.config_settings.config,
    )
except ParamsError as fault:
    stop(str(fault))

RAW = Path("data/raw", params.dataset)
INVENTORY = Path("data/experiments", params.experiment, "raw.json")
MODELS = {entry.name: entry for entry in params.models}
NETWORKS = [name for name, entry in MODELS.items() if entry.needs_backend]
FOLDS = params.split.fold_names
IMPORTED = [name for name, entry in MODELS.items() if entry.is_imported]
REFITTED = [params.registry.model] if params.registry.model else [name for name in MODELS if name not in IMPORTED]
TESTED = [(model, fold) for model in MODELS for fold in FOLDS]
FITS = TESTED + [(model, "refit") for model in REFITTED if params.registry.use == "refit"]
OWN = [(model, fold) for model, fold in FITS if model not in IMPORTED]
EXTRA = list(params.extra_fits)
EXTRA_TABLES = [
    f"data/experiments/{params.experiment}/extra/{name}.csv"
    for name, fits in (("learning_curve", params.curve_fits), ("variance", params.seed_fits))
    if fits
]
SEARCHES = [
    (model, fold) for model, fold in FITS if params.search.trials and dimensions_of(params.search, MODELS[model])
]


pathvars:
    experiment=params.experiment,


wildcard_constraints:
    model="|".join(MODELS),
    fold=rf"\d+|refit|{EXTRA_PATTERN}",
    extra=EXTRA_PATTERN,


onstart:
    networks = sum(model in NETWORKS for model, _ in FITS)
    more = f", {len(EXTRA)} more of parts and other seeds" if EXTRA else ""
    work = (
        f"{len(MODELS)} models in {len(FOLDS)} folds, {networks} fits of networks and {len(FITS) - networks} of baselines{more},"
        f" {len(SEARCHES) * params.search.trials} trials of search before them"
    )
    logger.info(f"Experiment {params.experiment}: {work if params.task else 'a look at the data'}")


onsuccess:
    drop_checkpoints(INVENTORY.parent)
    reports = Path("reports", params.experiment)
    written = {page.name for page in reports.glob("*.html") if page.stat().st_mtime > STARTED}
    if "data.html" in written:
        leaks = json.loads(Path("data/experiments", params.experiment, "audited.json").read_text())["leaks"]
        found = f", which shows {leaks} leaks of the split" if leaks else ""
        logger.info(f"Data:    {reports / 'data.html'}{found}")
    if "index.html" in written:
        verdict = json.loads((reports / "metrics.json").read_text())["verdict"]
        logger.info(f"Report:  {reports / 'index.html'}\nVerdict: {verdict}")
    published = Path("data/experiments", params.experiment, "published.json")
    if published.is_file() and published.stat().st_mtime > STARTED:
        logger.info(f"MLflow:  mlflow ui, then {json.loads(published.read_text())['views']['models']}")


onerror:
    tell_last(find_faults("".join(Path(path).read_text() for path in log)))


# before Snakemake looks at any file: what it once missed it does not look for again
if workflow.is_main_process and not is_drawn(RAW):
    if not RAW.is_dir():
        stop(explain_missing(RAW))
    write_inventory(RAW, INVENTORY)


for name, entry in MODELS.items() if workflow.is_main_process else ():
    path = getattr(entry, "weights_file", None)
    if path and not Path(path).is_file():
        stop(f"models: the weights {path} of {name} do not exist: name a file, or imagenet")


if workflow.is_main_process and (told := tell_new_split(INVENTORY.parent, params, FITS + EXTRA)):
    logger.warning(told)


for name in IMPORTED if workflow.is_main_process else ():
    for number, folder in enumerate(map(Path, MODELS[name].folders(FOLDS))):
        if not folder.is_dir():
            stop(f"models: the folder {folder} of {name} does not exist: put the predictions there, or name theirs")
        write_inventory(folder, INVENTORY.parent / "imported" / name / f"{number}.json")


def section(*names):
    """Sections as one JSON text, for --settings: a rule runs again when a value that it reads has changed."""

    def settings(wildcards):
        values = {
            name: params if name == "params" else MODELS[wildcards.model] if name == "model" else getattr(params, name)
            for name in names
        }
        plain = {name: write_section(value) for name, value in values.items()}
        if "seed" in plain:
            plain["seed"] += parse_fold(wildcards.get("fold", "0")).repeat
        if "train" in plain:
            del plain["train"]["seeds"]  # a fit has one: more of them redo none that is there
        return json.dumps(plain, sort_keys=True)

    return settings


def sources(step, models=()):
    """Files that a step is made of, and those of the models that it imports by name."""
    modules = [f"pipeline.models.{MODELS[model].kind}" for model in models]
    return [os.path.relpath(path) for path in code_files(f"pipeline.steps.{step}", *modules)]


def files_in(folder):
    """Files of a folder of the project that are not Python, yet belong to a step's code."""
    return sorted(os.path.relpath(path) for path in Path(workflow.basedir, folder).iterdir())


def model_sources(step):
    """Files that a step is made of for the model of its wildcards."""
    return lambda wildcards: sources(step, [wildcards.model])


def of_fits(pattern, fits=FITS):
    """A path for each fit, from a pattern of {model} and {fold}."""
    return [pattern.format(model=model, fold=fold) for model, fold in fits]


def with_base(fits):
    """Fits of extra folds, and those of the split's own folds that they are held against."""
    return list(dict.fromkeys(fit for model, fold in fits for fit in ((model, parse_fold(fold).base), (model, fold))))


def of_folds(pattern):
    """A path for each fold of the model of the wildcards."""
    return [pattern.format(model="{model}", fold=fold) for fold in FOLDS]


def raw_files(wildcards):
    """What tells that a raw file was edited, added, removed or renamed; the drawn data set is one directory."""
    if is_drawn(RAW):
        renew_stamp(RAW)
        return str(RAW)
    return str(INVENTORY)


def renew_stamp(folder):
    """Snakemake tells the age of a directory by its stamp: renew it when something inside was edited."""
    stamp = folder / STAMP
    if stamp.exists() and any(path.lstat().st_mtime > stamp.stat().st_mtime for path in folder.rglob("*")):
        stamp.touch()


def splits_of_fold(wildcards):
    """The splits table that has the fold of the wildcards."""
    name = "splits" if wildcards.fold in (*FOLDS, "refit") else f"extra/{wildcards.fold}"
    return f"data/experiments/{params.experiment}/{name}.csv"


def searched(pattern):
    """A path of the search's for the fit of the wildcards, for an extra one that of its fold; none without a search."""

    def found(wildcards):
        return of_fits(pattern, [fit for fit in SEARCHES if fit == (wildcards.model, parse_fold(wildcards.fold).base)])

    return found


def weights_file(wildcards):
    """The file of pretrained weights that the model of the wildcards names, if any."""
    return getattr(MODELS[wildcards.model], "weights_file", None) or []


def inventories(wildcards):
    """What tells that a file of the predictions that another tool made was edited, added, removed or renamed."""
    folders = MODELS[wildcards.model].folders(FOLDS)
    return [str(INVENTORY.parent / "imported" / wildcards.model / f"{n}.json") for n in range(len(folders))]


def received(wildcards):
    """What was found of the predictions of the model of the wildcards, where another tool made them."""
    is_imported = wildcards.model in IMPORTED
    return f"data/experiments/{params.experiment}/received/{wildcards.model}.json" if is_imported else []


def is_network(wildcards):
    """Whether a job works on a network; one for all models does."""
    return wildcards.get("model") in (None, *NETWORKS)


def fit_threads(wildcards):
    """Threads of a job on the model of the wildcards; a forest grows its trees side by side."""
    is_threaded = is_network(wildcards) or MODELS[wildcards.model].is_threaded
    return params.train.threads if is_threaded else 1


def fit_memory(wildcards):
    asked = params.train.memory_mb if is_network(wildcards) else 1000
    return min(asked, allowed("mem_mb", asked))


def fit_gpus(wildcards):
    return min(1, allowed("gpu", count_gpus())) if is_network(wildcards) else 0


def allowed(resource, otherwise):
    """What all jobs together may take."""
    value = workflow.global_resources.get(resource).value
    return otherwise if value is None else value


# without --resources, all jobs of this machine share what it has; a cluster (--jobs) knows its own limits
if workflow.is_main_process and workflow.global_resources.get("_nodes").value is None:
    workflow.global_resources.setdefault("gpu", count_gpus())
    workflow.global_resources.setdefault("mem_mb", os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20)
