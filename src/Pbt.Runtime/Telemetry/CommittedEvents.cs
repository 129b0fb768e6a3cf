using System.Collections.Immutable;
using Pbt.Core.Population;

namespace Pbt.Runtime.Telemetry;

/// <summary>What one transaction recorded.</summary>
/// <param name="Study">In which study.</param>
/// <param name="Events">The events.</param>
/// <param name="Ended">The attempts that they ended.</param>
/// <param name="Best">The study's best score after them; null if there is none.</param>
internal sealed record CommittedEvents(StudyIdentity Study, ImmutableArray<StudyEvent> Events, ImmutableArray<EndedAttempt> Ended, double? Best);
