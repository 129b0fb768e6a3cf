using System.Globalization;
using System.Security;
using System.Text;
using Pbt.Core.Wording;

namespace Pbt.Dashboard.Figures;

/// <summary>A picture with two axes, as SVG on white: for papers and talks.</summary>
/// <remarks>Not thread-safe. It loads nothing and runs nothing.</remarks>
internal sealed class Figure
{
    /// <summary>The colours from the worst score to the best; the page's on a light ground.</summary>
    public static readonly string[] Ramp = ["#cdd5df", "#b3c6da", "#8fb3d3", "#659cc8", "#4382b9", "#3867a6", "#3d4a90", "#432d78", "#3c1361"];

    /// <summary>The colour of what led to the best.</summary>
    public const string Accent = "#c2550a";

    private const int Width = 900;
    private const int Top = 44;
    private const int Left = 76;
    private const int Right = 70;
    private const int Below = 48;

    private readonly StringBuilder _svg = new();
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly int _height;

    /// <summary>Begins with the title and the axes.</summary>
    public Figure(string title, Axis x, Axis y, int height = 420)
    {
        (_x, _y, _height) = (x, y, height);
        _svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}" font-family="sans-serif" font-size="11" fill="#1a2230">
            <title>{Escape(title)}</title>
            <rect width="{Width}" height="{height}" fill="#ffffff"/>
            """).Append('\n');
        Text(Left, 20, title, "start", "font-size=\"14\" font-weight=\"bold\"");
        foreach (var (value, text) in x.Ticks)
        {
            var at = Place(value, 0).X;
            Line(at, height - Below, at, height - Below + 4, "#5b6675");
            Text(at, height - Below + 17, text, "middle");
        }

        foreach (var (value, text) in y.Ticks)
        {
            var at = Height(y.PartOf(value));
            Line(Left, at, Width - Right, at, "#e4e8ee");
            Text(Left - 7, at + 4, Words.Fit(text, 12), "end");
        }

        Text(Width - Right, height - 12, x.Label, "end");
        Text(Left, 38, y.Label, "start");
    }

    /// <summary>Where a pair of values is.</summary>
    public (double X, double Y) Place(double x, double y) => (Left + (_x.PartOf(x) * (Width - Left - Right)), Height(_y.PartOf(y)));

    /// <summary>Draws strokes.</summary>
    public void Draw(Strokes strokes, string color, double width, double opacity = 1)
    {
        if (!strokes.IsEmpty)
            _svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{strokes}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\" stroke-opacity=\"{opacity}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n");
    }

    /// <summary>Writes a text beside a place.</summary>
    public void Label(double x, double y, string text, string anchor)
    {
        var place = Place(x, y);
        Text(place.X + (anchor.Equals("end", StringComparison.Ordinal) ? -6 : 6), place.Y + 4, text, anchor);
    }

    /// <summary>The whole document.</summary>
    public override string ToString() => $"{_svg}</svg>\n";

    private double Height(double part) => _height - Below - (part * (_height - Below - Top));

    private void Line(double x0, double y0, double x1, double y1, string color) =>
        _svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{new Strokes().Move((x0, y0)).Line((x1, y1))}\" stroke=\"{color}\"/>\n");

    private void Text(double x, double y, string text, string anchor, string attributes = "") =>
        _svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Math.Round(x, 1)}\" y=\"{Math.Round(y, 1)}\" text-anchor=\"{anchor}\" {attributes}>{Escape(text)}</text>\n");

    private static string Escape(string text) => SecurityElement.Escape(Words.OneLine(text));
}
