using Pbt.Core.Studies;

namespace Pbt.Core.Hooks;

/// <summary>One run of a hook that is due: what it is run for, and what it is told.</summary>
/// <param name="Kind">What it is run for.</param>
/// <param name="Version">The number of the event.</param>
/// <param name="Json">What it reads on standard input: one JSON object and a line feed, in UTF-8.</param>
/// <param name="Values">The values of the placeholders of its arguments.</param>
public sealed record HookCall(HookKind Kind, long Version, ReadOnlyMemory<byte> Json, IReadOnlyDictionary<string, string> Values);
