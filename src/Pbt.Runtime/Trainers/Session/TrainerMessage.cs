using System.Text.Json;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>What a trainer says in one line (docs/protocol.md).</summary>
internal abstract record TrainerMessage
{
    private TrainerMessage()
    {
    }

    /// <summary>The first message.</summary>
    /// <param name="Protocol">The highest version that it speaks.</param>
    /// <param name="Capacity">How many members it trains at once.</param>
    /// <param name="HeartbeatPeriod">How often it promises to say something; null if it promises nothing.</param>
    /// <param name="Client">What it calls itself.</param>
    public sealed record Hello(int Protocol, int Capacity, TimeSpan? HeartbeatPeriod, string? Client) : TrainerMessage;

    /// <summary>How an interval goes.</summary>
    /// <param name="Attempt">Of which attempt.</param>
    /// <param name="Report">The report as it is kept; null if it cannot be.</param>
    /// <param name="Bytes">The length of the line.</param>
    public sealed record Progress(long Attempt, JsonElement? Report, int Bytes) : TrainerMessage;

    /// <summary>An interval has ended.</summary>
    /// <param name="Attempt">Of which attempt.</param>
    /// <param name="Member">Of which member, as the trainer says.</param>
    public abstract record Ending(long Attempt, int Member) : TrainerMessage;

    /// <summary>It has ended well.</summary>
    /// <param name="Attempt">Of which attempt.</param>
    /// <param name="Member">Of which member.</param>
    /// <param name="Json">The whole message, which holds the result.</param>
    public sealed record Completed(long Attempt, int Member, string Json) : Ending(Attempt, Member);

    /// <summary>It has failed.</summary>
    /// <param name="Attempt">Of which attempt.</param>
    /// <param name="Member">Of which member.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Failed(long Attempt, int Member, string Reason) : Ending(Attempt, Member);

    /// <summary>The attempt is given back.</summary>
    /// <param name="Attempt">Which.</param>
    /// <param name="Member">Of which member.</param>
    /// <param name="Reason">Why, or empty.</param>
    public sealed record Released(long Attempt, int Member, string Reason) : Ending(Attempt, Member);

    /// <summary>The trainer lives.</summary>
    public sealed record Heartbeat : TrainerMessage;

    /// <summary>Something of a later version.</summary>
    public sealed record Unknown : TrainerMessage;

    /// <summary>No message that the protocol allows.</summary>
    /// <param name="Reason">Why not, and how to mend it.</param>
    public sealed record Broken(string Reason) : TrainerMessage;
}
