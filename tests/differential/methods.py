"""Java's methods as the generator knows them: name, kinds of the arguments, kind of the result.

Left out are iterators, whose text is another in each run: the page about conformance names what they print.

Argument kinds: those of `contexts`, and `i` a small index, `re` a regular expression, `rep` a replacement, `fmt` a
format, `key` a map's key, `any` whatever. A method may be listed more than once, with other arguments.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """`receiver.name(arguments) -> result`; a name without arguments may also be read as a property."""

    name: str
    arguments: tuple[str, ...]
    result: str


def table(text: str, result: str) -> list[Method]:
    """Methods of one result kind, each written `name` or `name:kind,kind`."""
    made = []
    for word in text.split():
        name, _, arguments = word.partition(":")
        made.append(Method(name, tuple(arguments.split(",")) if arguments else (), result))
    return made


TEXT = [
    *table(
        "toUpperCase toLowerCase trim strip stripLeading stripTrailing toString intern substring:i substring:i,i",
        "text",
    ),
    *table("substring:i,i concat:text replace:text,text replaceAll:re,rep replaceFirst:re,rep repeat:i", "text"),
    *table("format:fmt,any format:fmt,any,any formatted:any valueOf:any join:text,list subSequence:i,i", "text"),
    *table("stripIndent translateEscapes copyValueOf:any", "text"),
    *table("length indexOf:text indexOf:text,i lastIndexOf:text lastIndexOf:text,i compareTo:text hashCode", "int"),
    *table("compareToIgnoreCase:text codePointAt:i codePointBefore:i codePointCount:i,i offsetByCodePoints:i,i", "int"),
    *table("indexOf:i lastIndexOf:i", "int"),
    *table(
        "isEmpty isBlank contains:text startsWith:text startsWith:text,i endsWith:text equals:any matches:re", "bool"
    ),
    *table("equalsIgnoreCase:text contentEquals:text regionMatches:i,text,i,i regionMatches:bool,i,text,i,i", "bool"),
    *table("charAt:i", "char"),
    *table("split:re split:re split:re,i toCharArray", "array"),
    *table("empty blank getClass class.valueOf:any class.join:text,list class.length class.format:fmt,any", "any"),
]

LIST = [
    *table("size indexOf:any lastIndexOf:any hashCode", "int"),
    *table(
        "isEmpty contains:any add:any containsAll:list addAll:list removeAll:list retainAll:list equals:list", "bool"
    ),
    *table("get:i remove:i remove:any set:i,any getFirst", "any"),
    *table("subList:i,i", "list"),
    *table("toArray", "array"),
    *table("toString", "text"),
    *table("clear add:i,any sort:any empty first length ensureCapacity:i addAll:i,list getClass", "any"),
    *table("class.of:any,any class.get:i class.simpleName", "any"),
]

MAP = [
    *table("size hashCode", "int"),
    *table("isEmpty containsKey:key containsValue:any equals:map", "bool"),
    *table(
        "get:key get:key get:key put:key,any remove:key getOrDefault:key,any putIfAbsent:key,any replace:key,any", "any"
    ),
    *table("keySet values entrySet", "set"),
    *table("toString", "text"),
    *table("putAll:map clear empty replace:key,any,any remove:key,any getClass", "any"),
]

NUMBER = [
    *table("intValue hashCode compareTo:int signum:int max:int,int min:int,int sum:int,int parseInt:text", "int"),
    *table("bitCount:int reverse:int highestOneBit:int compare:int,int numberOfTrailingZeros:int abs", "int"),
    *table("byteValue shortValue parseByte:text parseShort:text toUnsignedInt:int reverseBytes:int", "int"),
    *table("longValue parseLong:text toUnsignedLong:int", "long"),
    *table("doubleValue parseDouble:text floatValue parseFloat:text intBitsToFloat:int", "double"),
    *table("toString toHexString:int toBinaryString:int toOctalString:int toString:int toString:int,i", "text"),
    *table("equals:any isNaN isInfinite isFinite:double", "bool"),
    *table("valueOf:text valueOf:int valueOf:text,i MAX_VALUE MIN_VALUE naN infinite", "any"),
    *table("getClass class.simpleName class.parseInt:text class.sum:int,int class.intValue class.valueOf:text", "any"),
]

BOOL = [
    *table("booleanValue equals:any parseBoolean:text logicalAnd:bool,bool logicalXor:bool,bool valueOf:text", "bool"),
    *table("toString toString:bool", "text"),
    *table("compareTo:bool hashCode compare:bool,bool", "int"),
]

CHAR = [
    *table("charValue toUpperCase:char toLowerCase:char", "char"),
    *table("toString", "text"),
    *table("isDigit:char isLetter:char isUpperCase:char isWhitespace:char equals:any", "bool"),
    *table("compareTo:char hashCode getNumericValue:char", "int"),
]

ARRAY = [
    *table("size length indexOf:any lastIndexOf:any", "int"),
    *table("isEmpty contains:any equals:any", "bool"),
    *table("get:i set:i,any", "any"),
    *table("subList:i,i", "list"),
    *table("empty first add:any", "any"),
]

SET = [
    *table("size", "int"),
    *table("isEmpty contains:any containsAll:list equals:any", "bool"),
    *table("toString", "text"),
    *table("toArray", "array"),
    *table("remove:any get:i empty add:any", "any"),
]

METHODS = {
    "text": TEXT, "list": LIST, "rows": LIST, "map": MAP, "int": NUMBER, "long": NUMBER, "double": NUMBER, "bool": BOOL,
    "char": CHAR, "array": ARRAY, "set": SET,
}  # fmt: skip

EVERY = [method for kind in (TEXT, LIST, MAP, NUMBER) for method in kind]

UNKNOWN = ("nope", "Size", "LENGTH", "getSize", "keys", "items", "__class__", "class.nope", "wait", "x")
