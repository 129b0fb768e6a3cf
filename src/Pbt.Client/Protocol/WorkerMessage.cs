using System.Text.Json;

namespace Pbt.Client.Protocol;

/// <summary>A message of the worker.</summary>
internal abstract record WorkerMessage
{
    private WorkerMessage()
    {
    }

    /// <summary>The answer to hello.</summary>
    public sealed record Welcome(int Protocol, string? Study, int Places) : WorkerMessage;

    /// <summary>Train one interval.</summary>
    public sealed record Start(
        long Attempt,
        int Place,
        int Member,
        int Interval,
        JsonElement Hyperparameters,
        bool Reload,
        string? CheckpointIn,
        IntervalOrigin? From,
        string CheckpointOut,
        long? Steps,
        double? Seconds,
        int Seed) : WorkerMessage;

    /// <summary>Nothing more starts until something changes.</summary>
    public sealed record Idle : WorkerMessage;

    /// <summary>A message was not taken.</summary>
    public sealed record Rejected(long? Attempt, string Reason) : WorkerMessage;

    /// <summary>Nothing more comes.</summary>
    public sealed record Stop(string Reason, double? GraceSeconds) : WorkerMessage;

    /// <summary>This side has broken the protocol.</summary>
    public sealed record Error(string Reason) : WorkerMessage;

    /// <summary>Something of a later version.</summary>
    public sealed record Unknown : WorkerMessage;
}
