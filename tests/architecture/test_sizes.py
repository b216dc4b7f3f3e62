"""Modules and functions stay short, and the tool that counts them counts right."""

import sizes


def test_nothing_in_the_repository_is_too_long():
    assert sizes.too_long() == []


def module_with(function_lines, docstring_lines=0):
    """A module of one function with so many lines and, in it, a docstring."""
    doc = ["    " + '"""First.'] + ["    more"] * (docstring_lines - 2) + ['    """']
    body = ["    pass"] * (function_lines - 1)
    return "\n".join(["def long():", *(doc if docstring_lines else []), *body]) + "\n"


def measured(text):
    return {what: lines for what, lines, _ in sizes.sizes("m.py", text)}


def test_a_docstring_does_not_count():
    text = module_with(70, docstring_lines=30)
    assert measured(text)["m.py:long"] == 70


def test_a_function_of_one_line_too_many_is_found(tmp_path):
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "fits.py").write_text(module_with(sizes.FUNCTION_LINES))
    (folder / "over.py").write_text(module_with(sizes.FUNCTION_LINES + 1))
    assert [fault.split(":")[0] for fault in sizes.too_long(tmp_path)] == ["src/over.py"]


def test_a_module_of_one_line_too_many_is_found(tmp_path):
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "fits.py").write_text("x = 1\n" * sizes.MODULE_LINES)
    (folder / "over.py").write_text("x = 1\n" * (sizes.MODULE_LINES + 1))
    assert sizes.too_long(tmp_path) == ["tools/over.py: 601 lines, at most 600"]


def test_what_is_allowed_to_be_over_may_shrink_but_not_grow(tmp_path):
    folder = tmp_path / "src"
    folder.mkdir()
    (folder / "over.py").write_text("x = 1\n" * 610)
    assert sizes.too_long(tmp_path, {"src/over.py": 610}) == []
    assert sizes.too_long(tmp_path, {"src/over.py": 609})
    assert sizes.too_long(tmp_path, {"src/over.py": 620}) == ["src/over.py: now 610; lower ALLOWED"]
