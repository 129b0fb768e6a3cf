namespace Pbt.Core.Statistics;

/// <summary>Mean and standard deviation of a whole population.</summary>
/// <param name="Mean">The arithmetic mean.</param>
/// <param name="Deviation">The population's standard deviation, with n; 0 for a single number.</param>
/// <remarks>
/// Sums in the order given by operations that IEEE 754 rounds exactly, so that it is the same on every machine. Numbers near
/// the largest double give infinities or NaN: compare so that these decide nothing.
/// </remarks>
internal readonly record struct Spread(double Mean, double Deviation)
{
    /// <summary>The spread of at least one number.</summary>
    public static Spread Of(ReadOnlySpan<double> numbers)
    {
        // Measured from the first, so that equal numbers have exactly that mean and no spread.
        var (first, shift, squares) = (numbers[0], 0.0, 0.0);
        foreach (var number in numbers)
            shift += number - first;

        var mean = first + (shift / numbers.Length);
        foreach (var number in numbers)
            squares += (number - mean) * (number - mean);

        return new(mean, Math.Sqrt(squares / numbers.Length));
    }
}
