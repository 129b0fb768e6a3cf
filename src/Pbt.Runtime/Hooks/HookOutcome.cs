namespace Pbt.Runtime.Hooks;

/// <summary>How one run of a hook ended.</summary>
/// <param name="Trouble">What went wrong, as a clause that follows the hook's name; null if it ended well.</param>
/// <param name="Output">The beginning of what it printed.</param>
/// <param name="Printed">How many bytes it printed in all.</param>
/// <param name="Took">How long it took.</param>
internal sealed record HookOutcome(string? Trouble, ReadOnlyMemory<byte> Output, long Printed, TimeSpan Took);
