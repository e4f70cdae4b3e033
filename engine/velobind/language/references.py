"""What the characters before and around a reference's name make of it: quiet, escaped, or no reference at all."""

from __future__ import annotations

from velobind.language import nodes
from velobind.language.scanner import Token


def reference(
    rest: str, first: Token, name: Token, steps: tuple[nodes.Step, ...], alternate: nodes.Node | None, end: int
) -> nodes.Reference:
    """The node of a reference whose first token is `first` and whose name stands in the token `name`.

    `rest` is its text after the first token, as it is quoted where the reference has no value.
    The first token's image may carry backslashes and dollar signs that precede the reference proper: `\\\\$$!x`.
    """
    image = first.image
    start = first.start

    if "\\!" in image:
        # `$\!x`: never a reference. One backslash goes, and of a formal one only its beginning is printed.
        dollar = image.index("$")
        slash = image.index("\\", dollar)
        count = len(image) - slash - len(image[slash:].lstrip("\\"))
        source = image[: slash + count - 1] + image[slash + count :]
        return nodes.Reference(start, end, source, steps, alternate, source, computable=False)

    slashes = len(image) - len(image.lstrip("\\"))
    escaped = slashes % 2 == 1
    image = image[slashes:]
    dollar = image.rfind("$")
    prefix = ""
    if dollar > 0:
        prefix, image = image[:dollar], image[dollar:]
    source = first.lost + image + rest
    quiet = image.startswith("$!")
    runt = False
    formal = image.endswith("{")
    if image == "${" or image == "$!{":
        root = name.image
    elif image.startswith("$"):
        root = image[2:] if quiet else image[1:]
    else:
        root, runt = image, True
    return nodes.Reference(
        start + slashes + len(prefix),
        end,
        root,
        steps,
        alternate,
        source,
        quiet,
        prefix,
        "\\" * (slashes // 2),
        escaped,
        runt,
        not runt,
        formal,
    )
