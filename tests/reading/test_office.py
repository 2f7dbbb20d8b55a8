"""Word, PowerPoint, Excel and OpenDocument: text, and what nobody sees in them."""

import pytest

from missent.content.opened import Hidden

from .making import carrying, docx, paragraph, pptx, rows, sheet, word, xlsx, zipped


@pytest.fixture
def looked(opened):
    """Opens one attached file: its text, hidden data as (kind, shown, held), reasons, people."""

    def look(name, data):
        found = opened(carrying((name, data)))
        text = "\n".join(p.text for p in found.pieces if p.where == "attachment:1.2")
        hidden = [(h.kind, h.shown, h.held) for h in found.hidden]
        return text, hidden, [s.reason for s in found.skipped], found.attachments[0].people

    return look


def test_a_word_document_is_read_with_all_that_belongs_to_it(opened):
    header = word(paragraph("OFFICIAL-SENSITIVE"), "hdr")
    custom = '<p xmlns:v="v"><property name="MSIP_Label_x_Name"><v:lpwstr>Secret</v:lpwstr></property></p>'
    data = docx(
        paragraph("Dear all"), word__header1=header, word__footnotes=word(paragraph("a note"), "f"), docProps__custom=custom
    )
    found = opened(carrying(("plan.docx", data)))
    texts = {p.where: p.text for p in found.pieces}
    assert texts["attachment:1.2"].split("\n") == ["OFFICIAL-SENSITIVE", "", "Dear all", "", "a note", "", ""]
    assert texts["attachment:1.2/property:MSIP_Label_x_Name"] == "Secret"
    assert found.attachments[0].kind.endswith("wordprocessingml.document")
    assert found.skipped == ()


def test_tracked_changes_comments_and_hidden_text_are_read_and_counted(looked):
    removed = "<w:p><w:del><w:r><w:delText>price 9</w:delText></w:r></w:del><w:ins><w:r><w:t>price 8</w:t></w:r></w:ins></w:p>"
    hidden = paragraph("for us only", "<w:rPr><w:vanish/></w:rPr>")
    comments = word(f"<w:comment>{paragraph('too cheap')}</w:comment>", "comments")
    text, found, _, _ = looked("offer.docx", docx(removed + hidden + paragraph("end"), word__comments=comments))
    assert ("comments", 0, 1) in found
    assert ("tracked-changes", 0, 2) in found
    assert ("hidden-text", 0, 1) in found
    assert all(said in text for said in ("price 9", "price 8", "for us only", "too cheap", "end"))


def test_what_is_shown_twice_for_old_programs_is_read_once(looked):
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    choice, fallback = (f"<mc:{name}>{paragraph('box')}</mc:{name}>" for name in ("Choice", "Fallback"))
    box = f"<mc:AlternateContent {mc}>{choice}{fallback}</mc:AlternateContent>"
    text, *_ = looked("box.docx", docx(f"<w:p><w:r>{box}</w:r></w:p>"))
    assert text.count("box") == 1


def test_slides_notes_and_hidden_slides(looked):
    notes = "<a:p><a:t>do not say this</a:t></a:p>"
    data = pptx([("first", ""), ("second", ' show="0"')], ppt__notesSlides__notesSlide1=notes)
    text, found, _, _ = looked("talk.pptx", data)
    assert text.startswith("first\fsecond")
    assert "do not say this" in text
    assert found == [("hidden-slides", 1, 2), ("notes", 0, 1)]


STAFF = [["Name", "Date of birth"], *([f"Jane Doe{chr(97 + n % 26)}{chr(97 + n // 26)}", "1980-02-03"] for n in range(60))]


def test_a_workbook_says_how_much_of_it_nobody_sees(looked):
    seen = sheet(rows([["a", "b"]] * 3), "Seen")
    data = xlsx([seen, sheet(rows(STAFF), "Staff", "hidden"), sheet(rows([["x"]] * 7), "Deep", "veryHidden")])
    text, found, skipped, people = looked("figures.xlsx", data)
    assert ("hidden-sheet", 3, 64) in found
    assert ("very-hidden-sheet", 3, 10) in found
    assert people == 60
    assert "Jane Doeaa\t1980-02-03" in text
    assert skipped == []


@pytest.mark.parametrize(
    ("after", "kind"),
    [("", "hidden-rows"), ('<autoFilter ref="A1:B9"><filterColumn colId="0"/></autoFilter>', "filtered-rows")],
)
def test_hidden_and_filtered_rows_are_counted(looked, after, kind):
    data = xlsx([sheet(rows([["a", "b"]] * 9, hidden=range(3, 9)), after=after)])
    assert (kind, 3, 9) in looked("rows.xlsx", data)[1]


def test_hidden_columns_are_counted_where_they_hold_something(looked):
    columns = '<cols><col min="2" max="2" hidden="1"/><col min="50" max="60" hidden="1"/></cols>'
    assert looked("columns.xlsx", xlsx([sheet(rows([["a", "b", "c"]]), before=columns)]))[1] == [("hidden-columns", 2, 3)]


def test_a_pivot_cache_keeps_what_its_sheet_no_longer_holds(looked):
    definition = (
        '<pivotCacheDefinition><cacheFields><cacheField name="Name">'
        '<sharedItems><s v="Anna Clark"/><s v="Jane Doe"/></sharedItems></cacheField>'
        '<cacheField name="Salary"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    records = (
        "<pivotCacheRecords>" + '<r><x v="0"/><n v="51000"/></r><r><x v="1"/><n v="47000"/></r>' * 10 + "</pivotCacheRecords>"
    )
    parts = {"xl__pivotCache__pivotCacheDefinition1": definition, "xl__pivotCache__pivotCacheRecords1": records}
    text, found, _, _ = looked("pivot.xlsx", xlsx([sheet(rows([["total", "98000"]]))], **parts))
    assert found == [("pivot-cache", 1, 20)]
    assert "Jane Doe\t47000" in text


def test_a_cache_no_larger_than_what_is_seen_hides_nothing(looked):
    parts = {"xl__pivotCache__pivotCacheRecords1": "<pivotCacheRecords><r><n v='1'/></r></pivotCacheRecords>"}
    assert looked("pivot.xlsx", xlsx([sheet(rows([["1"], ["2"]]))], **parts))[1] == []


def test_a_false_dimension_is_told_and_all_rows_are_read(looked):
    data = xlsx([sheet(rows([["row"]] * 40), before='<dimension ref="A1:B2"/>')])
    text, found, _, _ = looked("false.xlsx", data)
    assert found == [("false-dimension", 2, 40)]
    assert text.count("row") == 40


def test_cells_in_opposite_corners_are_a_finding_and_not_a_crash(opener, looked):
    before = opener.pool.started
    corners = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>near</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'
    )
    assert looked("corners.xlsx", xlsx([sheet(corners)]))[2] == ["too-large"]
    assert opener.pool.started <= max(before, 1)


def test_a_workbook_within_a_document_is_opened(opened):
    inner = xlsx([sheet(rows(STAFF), "Staff")])
    with_inner = zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": word("<w:body/>", "document"),
            "word/embeddings/Book1.xlsx": inner,
        }
    )
    found = opened(carrying(("report.docx", with_inner)))
    assert [(a.path, a.people) for a in found.attachments] == [("1.2", 0), ("1.2!1", 60)]


def test_open_document_text_and_hidden_rows(looked):
    names = 'xmlns:t="urn:t" xmlns:x="urn:x" xmlns:o="urn:o"'
    table = "<t:table><t:table-row><t:table-cell><x:p>a</x:p></t:table-cell></t:table-row>"
    table += '<t:table-row t:visibility="collapse"><t:table-cell><x:p>b</x:p></t:table-cell></t:table-row></t:table>'
    content = f"<o:document {names}><x:p>Hello<x:s/>there</x:p><o:annotation><x:p>why</x:p></o:annotation>{table}</o:document>"
    kind = "application/vnd.oasis.opendocument.text"
    text, found, skipped, _ = looked("x.odt", zipped({"mimetype": kind, "content.xml": content}))
    assert "Hello there\n" in text
    assert found == [("comments", 0, 1), ("hidden-rows", 1, 2)]
    assert skipped == []


def test_an_encrypted_open_document_is_said(looked):
    manifest = "<manifest><encryption-data/></manifest>"
    kind = "application/vnd.oasis.opendocument.text"
    data = zipped({"mimetype": kind, "content.xml": b"\0\1", "META-INF/manifest.xml": manifest})
    assert looked("x.odt", data)[2] == ["encrypted-document"]


def test_hidden_data_stands_where_it_was_found(opened):
    data = zipped({"inner.xlsx": xlsx([sheet(rows([["a"]])), sheet(rows([["b"]] * 5), "B", "hidden")])})
    assert opened(carrying(("all.zip", data))).hidden == (Hidden("attachment:1.2!1", "hidden-sheet", 1, 6),)
