namespace Pbt.Storage.Journal;

/// <summary>What a journal store has done since it was opened.</summary>
/// <param name="Transactions">Transactions that were carried out.</param>
/// <param name="Batches">Times that the journal was locked for one or more of them.</param>
/// <param name="Syncs">Times that the storage was asked to make a batch durable.</param>
/// <param name="BytesWritten">Bytes appended.</param>
/// <param name="TornBytesCut">Bytes cut that a crash had left behind the last whole transaction.</param>
public readonly record struct JournalStatistics(long Transactions, long Batches, long Syncs, long BytesWritten, long TornBytesCut);
