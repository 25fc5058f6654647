using System.Globalization;
using System.Net;
using System.Text;

namespace EcgStream.Evaluation.Reports;

/// <summary>Builds a report in one self-contained HTML file: no script, no link, nothing to fetch.</summary>
internal sealed class Html
{
    private const string Style =
        "body{font:14px/1.4 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#222;background:#fff}"
        + "table{border-collapse:collapse;margin:1em 0}th,td{padding:.15em .6em;text-align:right;border-bottom:1px solid #ddd}"
        + "th:first-child,td:first-child{text-align:left}thead th{position:sticky;top:0;background:#f4f4f4}tr.sum td{font-weight:600;background:#f8f8f8}"
        + "td.bad{color:#b00020;font-weight:600}svg{max-width:100%;height:auto;display:block;margin:.6em 0}.note{color:#555}";

    private readonly StringBuilder _body = new();

    public Html Heading(string text, int level = 2) => Element($"h{level}", text);

    public Html Paragraph(string text) => Element("p", text);

    public Html Note(string text)
    {
        _body.Append("<p class=\"note\">").Append(Escape(text)).Append("</p>\n");
        return this;
    }

    /// <summary>Adds a drawing.</summary>
    public Html Svg(string svg)
    {
        _body.Append(svg).Append('\n');
        return this;
    }

    /// <param name="header">Column heads.</param>
    /// <param name="rows">Cells; rows are marked as sums where the flag says so.</param>
    public Html Table(IReadOnlyList<string> header, IEnumerable<(IReadOnlyList<string> Cells, bool IsSum)> rows)
    {
        _body.Append("<table><thead><tr>");
        foreach (var cell in header)
        {
            _body.Append("<th>").Append(Escape(cell)).Append("</th>");
        }

        _body.Append("</tr></thead><tbody>\n");
        foreach (var (cells, isSum) in rows)
        {
            _body.Append(isSum ? "<tr class=\"sum\">" : "<tr>");
            foreach (var cell in cells)
            {
                _body.Append("<td>").Append(Escape(cell)).Append("</td>");
            }

            _body.Append("</tr>\n");
        }

        _body.Append("</tbody></table>\n");
        return this;
    }

    public string ToPage(string title) =>
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Escape(title)}</title><style>{Style}</style></head>\n<body>\n<h1>{Escape(title)}</h1>\n{_body}</body></html>\n";

    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    internal static string Number(double? value, string format = "0.00") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private Html Element(string name, string text)
    {
        _body.Append('<').Append(name).Append('>').Append(Escape(text)).Append("</").Append(name).Append(">\n");
        return this;
    }
}
