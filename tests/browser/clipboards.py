"""What programs put on the clipboard, true to their formats, in our own words."""

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=ProgId content=Word.Document>
<link rel=File-List href="file:///C:/Users/a/AppData/Local/Temp/msohtmlclip1/01/clip_filelist.xml">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- /* Style Definitions */ p.MsoNormal, li.MsoNormal {mso-style-unhide:no; margin:0cm; font-family:"Calibri",sans-serif;}
@list l0:level1 {mso-level-number-format:bullet;} --></style>
<!--[if gte mso 10]><style>table.MsoNormalTable {mso-style-name:"Table Normal";}</style><![endif]--></head>
<body lang=EN-GB style='tab-interval:36.0pt;word-wrap:break-word'><!--StartFragment-->
<h1><span lang=EN-US style='mso-ansi-language:EN-US'>The harbour<o:p></o:p></span></h1>
<p class=MsoNormal><span lang=EN-US>It was <b style='mso-bidi-font-weight:normal'>very</b>&nbsp; cold and <span
style='font-weight:bold'>grey</span>, see <a href="https://example.org/harbour?utm_source=mail&amp;id=7">the
map</a><a name="_Toc1"></a>.<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]><span lang=EN-US>Boats<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Red
ones<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span><![endif]>Nets<o:p></o:p></p>
<p class=MsoNormal>Then:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]><i>Out</i><o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Home<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'><tr style='mso-yfti-irow:0'>
<td width=100 valign=top style='width:75.0pt;border:solid windowtext 1.0pt'><p class=MsoNormal>Ship<o:p></o:p></p></td>
<td width=100 valign=top style='width:75.0pt'><p class=MsoNormal>Crew<o:p></o:p></p></td></tr></table>
<!--EndFragment--></body></html>"""
WORD_BODY = (
    "<h2>The harbour</h2>"
    "<p>It was <strong>very</strong> cold and <strong>grey</strong>, see "
    '<a href="https://example.org/harbour?id=7">the map</a>.</p>'
    "<ul><li><p>Boats</p><ul><li><p>Red ones</p></li></ul></li><li><p>Nets</p></li></ul>"
    "<p>Then:</p>"
    '<ol data-type="decimal"><li><p><em>Out</em></p></li><li><p>Home</p></li></ol>'
    "<table><tbody><tr><td><p>Ship</p></td><td><p>Crew</p></td></tr></tbody></table>"
)

LIBREOFFICE = """<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN"><html><head>
<meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>
<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>
<style type="text/css">@page { size: 21cm 29.7cm; margin: 2cm } p { line-height: 115%; background: transparent }</style></head>
<body lang="en-GB" link="#000080" vlink="#800000" dir="ltr"><h2 class="western"><font face="Liberation Sans, sans-serif"><font size="4">A
letter</font></font></h2>
<p style="line-height: 100%; margin-bottom: 0cm"><font color="#c9211e"><font face="Liberation Serif, serif"><font size="3" style="font-size: 12pt"><span lang="en-GB">Dear
<b>reader</b>, <i>soft</i> and <strike>gone</strike></span></font></font></font></p>
<p style="line-height: 100%; margin-bottom: 0cm"><br/></p>
<ol><li><p style="line-height: 100%; margin-bottom: 0cm">one</p></li><li><p style="margin-bottom: 0cm">two</p></li></ol>
</body></html>"""
LIBREOFFICE_BODY = (
    "<h2>A letter</h2>"
    "<p>Dear <strong>reader</strong>, <em>soft</em> and <s>gone</s></p>"
    '<ol data-type="decimal"><li><p>one</p></li><li><p>two</p></li></ol>'
)

GOOGLE_DOCS = """<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0a1b2c"><h1 dir="ltr"
style="line-height:1.38;margin-top:20pt;"><span style="font-size:20pt;font-family:Arial;color:#000000;font-weight:400;vertical-align:baseline;white-space:pre-wrap;">Bread</span></h1><br /><p
dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-family:Arial;font-weight:700;font-style:normal;text-decoration:none;vertical-align:baseline;">Flour</span><span
style="font-size:11pt;font-weight:400;font-style:italic;vertical-align:baseline;"> and water, </span><a href="https://www.google.com/url?q=https://example.org/bread&amp;sa=D"
style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">baked</span></a></p><br /><ul style="margin-top:0;padding-inline-start:48px;"><li
dir="ltr" style="list-style-type:disc;font-weight:400;" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">rye</span></p></li><ul><li
dir="ltr" aria-level="2"><p dir="ltr" role="presentation"><span>dark</span></p></li></ul></ul></b><br class="Apple-interchange-newline">"""
GOOGLE_DOCS_BODY = (
    "<h2>Bread</h2><p><strong>Flour</strong><em> and water, </em>"
    '<a href="https://example.org/bread">baked</a></p>'
    "<ul><li><p>rye</p><ul><li><p>dark</p></li></ul></li></ul>"
)

# As a browser copies part of a page: every element with the style it was shown in.
WEB_PAGE = """<html><body><!--StartFragment--><h2 class="entry" style="font-weight: 700; color: rgb(0, 0, 0);">News</h2><div
style="color: rgb(34, 34, 34); font-size: 16px;"><p class="lead" style="margin: 0px;" onclick="steal()">A <span
style="font-weight: 600;">loud</span> word and <a href="https://example.org/a?fbclid=x" class="btn" onmouseover="x()">a link</a>.</p><script>alert(1)</script></div><div>Bare
words</div><pre class="language-js"><code><span class="k">let</span> a = 1;<br>b</code></pre><table class="t"><thead><tr><th
scope="col" style="font-weight: bold;">Head</th></tr></thead><tbody><tr><td style="text-align: right;">1</td></tr></tbody></table><a
href="javascript:x()">no link</a><!--EndFragment--></body></html>"""
WEB_PAGE_BODY = (
    "<h2>News</h2><p>A <strong>loud</strong> word and "
    '<a href="https://example.org/a">a link</a>.</p><p>Bare words</p>'
    '<pre><code class="language-js">let a = 1;\nb</code></pre>'
    "<table><tbody><tr><th><p>Head</p></th></tr><tr><td><p>1</p></td></tr></tbody></table>"
    "<p>no link</p>"
)

MARKDOWN = """# Top

Some **loud** and *soft* words, `code` and [a link](https://example.org/).

- one
- two

> said

```python
print(1)
```

| a | b |
|---|---|
| 1 | 2 |
"""
MARKDOWN_BODY = (
    "<h2>Top</h2><p>Some <strong>loud</strong> and <em>soft</em> words, "
    '<code>code</code> and <a href="https://example.org/">a link</a>.</p>'
    "<ul><li><p>one</p></li><li><p>two</p></li></ul>"
    "<blockquote><p>said</p></blockquote>"
    '<pre><code class="language-python">print(1)</code></pre>'
    "<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr>"
    "<tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table>"
)

PROSE = [
    "5 * 3 * 2 is thirty, and *not* so with #1 of the list",
    "- a dash begins what somebody says.\nAnd it goes on.",
    "1986. A great year.\nThen came 1987.",
    "# install it\nnpm install\n# and run\nnpm start",
    "snake_case_name and __init__ and a_b_c",
    "C:\\*.* and ~~~ and a > b > c",
    "He said [something] (really) and went.",
    "a | b | c",
]
