"""The command line of the steps and commands: no flag is written down, all come from the functions' signatures."""

import argparse
import ast
import difflib
import functools
import importlib
import inspect
import json
import types
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from pipeline.flags import describe_flag
from pipeline.params import Params, ParamsError, read_params

Function = Callable[..., None]

FOLDERS = ("steps", "commands")


class CommandError(ValueError):
    """What is wrong with a command line."""


def parse(arguments: Sequence[str]) -> functools.partial[None]:
    """The call that a command line asks for; raises CommandError on an unknown step, ParamsError on wrong settings."""
    overview = _overview()
    if not arguments or arguments[0] in ("-h", "--help"):
        overview.parse_args(["--help"])
    name, *rest = arguments
    function, is_step = load(name), _folder(name) == "steps"
    given = vars(build_parser(function, is_step).parse_args(rest))
    sections = _sections(function, given.pop("settings"), given.pop("model_name", None)) if is_step else {}
    positional = [given.pop(key) for key in _positional_only(function)]
    return functools.partial(function, *positional, **given, **sections)


def load(name: str) -> Function:
    """The function of a step or command; only its own module is imported."""
    folder = _folder(name)
    if folder is None:
        known = sorted(_modules())
        near = difflib.get_close_matches(name, known, n=1)
        raise CommandError(
            f"there is no step {name}: " + (f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}")
        )
    function: Function = getattr(importlib.import_module(f"pipeline.{folder}.{name}"), name)
    return function


def build_parser(function: Function, is_step: bool) -> argparse.ArgumentParser:
    """The parser of one function: its files are flags, its settings one JSON object (a command's are flags too)."""
    name = function.__name__
    parser = argparse.ArgumentParser(f"python -m pipeline {name}", description=inspect.getdoc(function))
    hints = typing.get_type_hints(function)
    sections = []
    for parameter in inspect.signature(function).parameters.values():
        if is_step and parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            sections.append(parameter.name)
        else:
            _add_argument(parser, parameter, hints[parameter.name], describe_flag(name, parameter.name))
    if is_step:
        text = f"JSON object of {', '.join(sections)}; params.yaml where left out" if sections else argparse.SUPPRESS
        parser.add_argument("--settings", metavar="JSON", help=text)
    if "model" in sections:
        parser.add_argument("--model", dest="model_name", metavar="NAME", help="entry of params.yaml's models")
    return parser


def _add_argument(parser: argparse.ArgumentParser, parameter: inspect.Parameter, hint: Any, told: str | None) -> None:
    flag = "--" + parameter.name.replace("_", "-")
    is_list, kind = _kind(hint)
    has_default = parameter.default is not inspect.Parameter.empty
    default = parameter.default if has_default else None
    metavar = parameter.name.upper() if parameter.kind is inspect.Parameter.POSITIONAL_ONLY else _spell(hint, kind)
    if parameter.kind is inspect.Parameter.POSITIONAL_ONLY:
        nargs = "+" if is_list else "?" if has_default else None
        parser.add_argument(parameter.name, type=kind, metavar=metavar, nargs=nargs, default=default, help=told)
    elif kind is bool:
        parser.add_argument(flag, action="store_true", help=told)
    else:
        nargs = "*" if is_list else "?" if has_default else None
        parser.add_argument(
            flag, type=kind, metavar=metavar, nargs=nargs, default=default, required=not has_default, help=told
        )


def _spell(hint: Any, kind: type) -> str:
    """What a flag's value is: PATH, INT, or the names to choose from."""
    is_choice = typing.get_origin(hint) is Literal
    return f"{{{','.join(typing.get_args(hint))}}}" if is_choice else kind.__name__.upper()


def _kind(hint: Any) -> tuple[bool, type]:
    """Whether a hint is a list, and the type of its items: `list[Path] | None` is (True, Path)."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _kind(next(part for part in typing.get_args(hint) if part is not types.NoneType))
    if origin is Literal:
        return False, type(typing.get_args(hint)[0])
    if origin is not None:
        return True, _kind(typing.get_args(hint)[0])[1]
    return False, hint


def _sections(function: Function, settings: str | None, model: str | None) -> dict[str, Any]:
    hints = typing.get_type_hints(function, include_extras=True)
    names = [key for key, value in inspect.signature(function).parameters.items() if value.kind is value.KEYWORD_ONLY]
    if settings is None:
        params = read_params(Path("params.yaml")) if names else None
        return {name: _from_params(params, name, model) for name in names if params}
    try:
        given = json.loads(settings)
    except json.JSONDecodeError as fault:
        raise CommandError(f"--settings is not JSON: {fault}") from None
    if set(given) != set(names):
        raise CommandError(f"--settings of {function.__name__} must hold {', '.join(names)}, not {', '.join(given)}")
    return {name: _validated(name, hints[name], given[name]) for name in names}


def _from_params(params: Params, name: str, model: str | None) -> Any:
    if name == "params":
        return params
    if name != "model":
        return getattr(params, name)
    entries = {entry.name: entry for entry in params.models}
    if model not in entries:
        raise CommandError(f"--model must name one of {', '.join(entries)}, not {model}")
    return entries[model]


def _validated(name: str, hint: Any, value: Any) -> Any:
    try:
        return TypeAdapter(hint).validate_python(value)
    except ValidationError as fault:
        raise ParamsError(f"--settings {name}: {fault}") from None


def _positional_only(function: Function) -> list[str]:
    parameters = inspect.signature(function).parameters.values()
    return [parameter.name for parameter in parameters if parameter.kind is parameter.POSITIONAL_ONLY]


def _modules() -> dict[str, Path]:
    """Files of all steps and commands by name."""
    return {path.stem: path for folder in FOLDERS for path in _files(folder)}


def _files(folder: str) -> Iterator[Path]:
    return (path for path in sorted((Path(__file__).parent / folder).glob("*.py")) if path.stem != "__init__")


def _folder(name: str) -> str | None:
    path = _modules().get(name)
    return path.parent.name if path else None


def _overview() -> argparse.ArgumentParser:
    """The list of all steps and commands, read without importing them."""
    lines = []
    for folder in FOLDERS:
        lines += ["", f"{folder}:", *(f"  {path.stem:<10} {_first_line(path)}" for path in _files(folder))]
    return argparse.ArgumentParser(
        "python -m pipeline",
        usage="python -m pipeline NAME [--help] ...",
        description="Runs one step by itself; `snakemake --cores all` runs all that are due.",
        epilog="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _first_line(path: Path) -> str:
    tree = ast.parse(path.read_text())
    found = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == path.stem)
    return (ast.get_docstring(next(found, tree)) or "").partition("\n")[0]
