using System.Globalization;
using System.Text;

namespace EcgStream.Evaluation.Reports;

/// <summary>Draws plots as inline SVG on linear axes.</summary>
internal sealed class SvgPlot
{
    private const int Left = 56;
    private const int Right = 12;
    private const int Top = 14;
    private const int Bottom = 44;
    private const int Ticks = 5;

    private static readonly string[] Colours = ["#1f5fa8", "#c2410c", "#15803d", "#7c3aed"];

    private readonly StringBuilder _content = new();
    private readonly int _width;
    private readonly int _height;
    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;
    private int _series;

    public SvgPlot((double Low, double High) x, (double Low, double High) y, int width = 900, int height = 260)
    {
        (_x, _y, _width, _height) = (x, y, width, height);
    }

    /// <summary>Draws the axes with numbers on both; <paramref name="xLabels"/> replaces the numbers of x by one label each at 0, 1, 2 …</summary>
    public SvgPlot Axes(string xTitle, string yTitle, IReadOnlyList<string>? xLabels = null)
    {
        _content.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Left}\" y=\"{Top}\" width=\"{_width - Left - Right}\" height=\"{_height - Top - Bottom}\" fill=\"none\" stroke=\"#999\"/>");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var value = _y.Low + ((_y.High - _y.Low) * tick / Ticks);
            _content.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{_width - Right}\" y1=\"{Y(value):0.#}\" y2=\"{Y(value):0.#}\" stroke=\"#eee\"/>");
            Text(Left - 6, Y(value) + 4, Tick(value), "end");
            if (xLabels is null)
            {
                var x = _x.Low + ((_x.High - _x.Low) * tick / Ticks);
                Text(X(x), _height - Bottom + 16, Tick(x), "middle");
            }
        }

        for (var index = 0; index < (xLabels?.Count ?? 0); index++)
        {
            _content.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate({X(index) + 3:0.#} {_height - Bottom + 6}) rotate(90)\" font-size=\"9\">{Html.Escape(xLabels![index])}</text>");
        }

        Text(_width / 2.0, _height - 4, xTitle, "middle");
        _content.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(12 {_height / 2}) rotate(-90)\" font-size=\"11\" text-anchor=\"middle\">{Html.Escape(yTitle)}</text>");
        return this;
    }

    /// <summary>Draws a series as a line, as points, or both; a line breaks at undefined points. Its name goes into the legend.</summary>
    public SvgPlot Series(string name, IEnumerable<(double X, double? Y)> points, bool line = true, bool marks = true)
    {
        var colour = Colours[_series % Colours.Length];
        var path = new StringBuilder();
        var pen = 'M';
        foreach (var (atX, atY) in points)
        {
            if (atY is not { } value)
            {
                pen = 'M';
                continue;
            }

            var (x, y) = (X(atX), Y(Math.Clamp(value, _y.Low, _y.High)));
            path.Append(CultureInfo.InvariantCulture, $"{pen}{x:0.##} {y:0.##}");
            pen = 'L';
            if (marks)
            {
                _content.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3\" fill=\"{colour}\"/>");
            }
        }

        if (line && path.Length > 0)
        {
            _content.Append("<path fill=\"none\" stroke=\"").Append(colour).Append("\" d=\"").Append(path).Append("\"/>");
        }

        if (name.Length > 0)
        {
            Text(Left + 10 + (110 * _series), Top + 14, name, "start", colour);
        }

        _series++;
        return this;
    }

    /// <summary>A vertical mark with a text at its top.</summary>
    public SvgPlot Mark(double x, string text, string colour, double row = 0)
    {
        _content.Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(x):0.#}\" x2=\"{X(x):0.#}\" y1=\"{Top}\" y2=\"{_height - Bottom}\" stroke=\"{colour}\" stroke-opacity=\".45\"/>");
        Text(X(x) + 2, Top + 12 + (12 * row), text, "start", colour);
        return this;
    }

    public override string ToString() =>
        FormattableString.Invariant($"<svg viewBox=\"0 0 {_width} {_height}\" width=\"{_width}\" height=\"{_height}\" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"system-ui,sans-serif\">{_content}</svg>");

    private double X(double value) => Left + ((_width - Left - Right) * (value - _x.Low) / Math.Max(1e-9, _x.High - _x.Low));

    private double Y(double value) => _height - Bottom - ((_height - Top - Bottom) * (value - _y.Low) / Math.Max(1e-9, _y.High - _y.Low));

    private static string Tick(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private void Text(double x, double y, string text, string anchor, string colour = "#333") =>
        _content.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"11\" text-anchor=\"{anchor}\" fill=\"{colour}\">{Html.Escape(text)}</text>");
}
