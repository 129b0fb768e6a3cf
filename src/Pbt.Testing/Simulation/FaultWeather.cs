namespace Pbt.Testing.Simulation;

/// <summary>Draws what goes wrong, and when.</summary>
/// <remarks>Used by one thread.</remarks>
internal sealed class FaultWeather(FaultScenario scenario)
{
    private readonly Random _random = new(unchecked((scenario.Seed * 31) + 17));

    /// <summary>Faults that happened so far, by kind.</summary>
    public Dictionary<Faults, long> Happened { get; } = [];

    /// <summary>Whether no more faults happen.</summary>
    public bool IsCalm { get; set; }

    /// <summary>Whether a fault of this kind happens now.</summary>
    public bool Strikes(Faults fault, double rate)
    {
        if (IsCalm || !scenario.Faults.HasFlag(fault) || _random.NextDouble() >= rate * scenario.Intensity)
            return false;

        Happened[fault] = Happened.GetValueOrDefault(fault) + 1;
        return true;
    }

    /// <summary>A time of about this length: mostly shorter, now and then ten times as long.</summary>
    public TimeSpan About(TimeSpan mean) => mean * (_random.Next(50) == 0 ? 10 * _random.NextDouble() : 0.2 + (1.5 * _random.NextDouble()));

    /// <summary>A number in [0, bound).</summary>
    public int Next(int bound) => _random.Next(bound);
}
