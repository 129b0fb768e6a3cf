namespace Pbt.Storage.Journal;

/// <summary>A place between two transactions: how many events, and so lines, lie before it, and how many bytes.</summary>
internal readonly record struct JournalPosition(long Version, long Offset);
