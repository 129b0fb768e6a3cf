using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Pbt.Core.Population;
using Pbt.Runtime.Telemetry;

namespace Pbt.Runtime.Hosting;

/// <summary>Where and how a study runs in this process.</summary>
public sealed record StudyRunOptions
{
    /// <summary>The study's directory, made if need be; a study that is there is taken up. Null: nothing outlives the result.</summary>
    public string? Directory { get; init; }

    /// <summary>Intervals at a time, each with a trainer of its own; null for what the spec or the machine says.</summary>
    public int? Slots { get; init; }

    /// <summary>Keys whose change in the spec of a study that is there is accepted, such as <c>trainer.timeout</c>. Default none.</summary>
    public IReadOnlyCollection<string> AcceptedChanges { get; init; } = [];

    /// <summary>Takes what the worker logs. Default nobody.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Is told what has happened, in order, and how the study stands after it; null for nobody.</summary>
    /// <remarks>
    /// Called by one thread at a time. The state must not be changed, and changes after the call. What it throws stops the
    /// study and is passed on.
    /// </remarks>
    public Action<IReadOnlyList<RecordedEvent>, StudyState>? OnEvents { get; init; }

    /// <summary>Is told what is recorded, as metrics and spans; null (default) for nobody. The caller disposes of it.</summary>
    public StudyTelemetry? Telemetry { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
