namespace Pbt.Samples.Ppo;

/// <summary>A seeded random generator whose whole state is one number.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood, 2014). <see cref="System.Random"/> would do for the numbers, but its state
/// cannot be saved, and a trainer that is stopped and resumed must go on exactly where it was.
/// Not safe for concurrent use.
/// </remarks>
public sealed class Generator
{
    /// <summary>Starts a stream; near seeds give unrelated streams.</summary>
    public static Generator FromSeed(ulong seed) => new() { State = Mix(seed ^ 0x5CA7_7E2E_D5EE_D001) };

    /// <summary>The position in the stream, as a checkpoint keeps it.</summary>
    public ulong State { get; set; }

    /// <summary>Draws uniformly from [0, 1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draws uniformly from [low, high).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Draws from the standard normal distribution (Box and Muller).</summary>
    public double NextGaussian() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = (int)(NextDouble() * (last + 1));
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private ulong NextUInt64()
    {
        State = unchecked(State + 0x9E37_79B9_7F4A_7C15);
        return Mix(State);
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
            value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
            return value ^ (value >> 31);
        }
    }
}
