using System.Globalization;
using System.Text;

namespace Pbt.Dashboard.Figures;

/// <summary>The data of an SVG path, its numbers rounded to a tenth.</summary>
internal sealed class Strokes
{
    private readonly StringBuilder _data = new();

    /// <summary>Whether nothing was drawn.</summary>
    public bool IsEmpty => _data.Length == 0;

    /// <summary>Begins somewhere else.</summary>
    public Strokes Move((double X, double Y) to) => Add("M", to.X, to.Y);

    /// <summary>Goes on straight.</summary>
    public Strokes Line((double X, double Y) to) => Add("L", to.X, to.Y);

    /// <summary>Goes on by a curve that leaves and arrives level.</summary>
    public Strokes Bend((double X, double Y) from, (double X, double Y) to)
    {
        var middle = (from.X + to.X) / 2;
        return Add("C", middle, from.Y, middle, to.Y, to.X, to.Y);
    }

    /// <inheritdoc/>
    public override string ToString() => _data.ToString();

    private Strokes Add(string command, params ReadOnlySpan<double> numbers)
    {
        _data.Append(command);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (i > 0)
                _data.Append(i % 2 == 1 ? ',' : ' ');

            _data.Append(Math.Round(numbers[i], 1).ToString(CultureInfo.InvariantCulture));
        }

        return this;
    }
}
