namespace Pbt.Runtime.Processes;

/// <summary>Descriptors of this process that a child gets in place of what its launch says.</summary>
/// <param name="Input">Its standard input; null is <c>/dev/null</c>.</param>
/// <param name="Output">Its standard output, and its standard error where both go to one file; null is that file.</param>
internal readonly record struct ChildStreams(int? Input = null, int? Output = null);
