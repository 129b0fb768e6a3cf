namespace Pbt.Core.Randomness;

/// <summary>The random draws of one purpose, for one member at one interval of one study.</summary>
/// <remarks>
/// <para>
/// Draw i of a stream is Philox 4x32-10 with the study's seed as its key (low word, then high word) and the counter
/// (i, member, interval, purpose). A stream therefore depends on nothing but its four coordinates: not on the process,
/// the machine, or what was drawn before. Frozen; specified in docs/randomness.md.
/// </para>
/// <para>An instance counts its draws, so it is not thread-safe; any number may be made.</para>
/// </remarks>
public sealed class RandomStream
{
    private readonly uint _key0;
    private readonly uint _key1;
    private readonly uint _member;
    private readonly uint _interval;
    private readonly uint _purpose;
    private uint _index;

    /// <summary>Opens the stream of these coordinates.</summary>
    /// <param name="seed">The study's seed.</param>
    /// <param name="member">The member's index.</param>
    /// <param name="interval">The interval, from 1; 0 before the first.</param>
    /// <param name="purpose">What the draws are for.</param>
    /// <param name="firstIndex">The number of draws to pass over.</param>
    public RandomStream(ulong seed, int member, int interval, RandomPurpose purpose, int firstIndex = 0)
    {
        _key0 = (uint)seed;
        _key1 = (uint)(seed >> 32);
        _member = (uint)member;
        _interval = (uint)interval;
        _purpose = (uint)purpose;
        _index = (uint)firstIndex;
    }

    /// <summary>64 random bits: words 0 (high) and 1 (low) of the next draw.</summary>
    public ulong NextUInt64()
    {
        var (w0, w1, _, _) = Philox.Block(_index++, _member, _interval, _purpose, _key0, _key1);
        return ((ulong)w0 << 32) | w1;
    }

    /// <summary>A uniform double in [0, 1): the upper 53 bits of a draw.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A uniform integer in [0, bound), without bias worth the name: the high word of draw × bound.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is below 1.</exception>
    public int NextInt(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Whether an event of this probability happens; always one draw.</summary>
    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>A standard normal number, by Box and Muller from two draws: √(−2 ln(1 − u₁)) · cos 2πu₂.</summary>
    /// <remarks>By <see cref="PortableMath"/>, so its bits are the same on every machine. Its size is below 8.6.</remarks>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2.0 * PortableMath.Log(1.0 - NextDouble()));
        return radius * PortableMath.CosOfTurns(NextDouble());
    }

    /// <summary>Rounds down or up at random, so that the expectation is the number itself; always one draw.</summary>
    public double RoundStochastically(double number)
    {
        var floor = Math.Floor(number);
        return NextDouble() < number - floor ? floor + 1 : floor;
    }
}
