using Pbt.Core.Studies;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>Looks whether a bucket can be used before a study relies on it.</summary>
public static class S3Access
{
    /// <summary>Lists, stores, reads and deletes what a study would: one small object.</summary>
    /// <param name="spec">Where the study's checkpoints are to be.</param>
    /// <param name="settings">How this machine reaches them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidRequestException">It cannot be used; the message says what, where and how to mend it.</exception>
    public static async Task RequireAsync(CheckpointStoreSpec spec, S3Settings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using var bucket = new S3Bucket(settings, time);
        var probe = string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{spec.Prefix}{(spec.Prefix.Length > 0 ? "/" : string.Empty)}.pbt-probe-{Environment.MachineName}-{Environment.ProcessId}");
        try
        {
            await bucket.HasAsync(new S3Entry(probe, 0), cancellationToken);
            await bucket.PutAsync(probe, "pbt"u8.ToArray(), cancellationToken);
            (await bucket.GetAsync(probe, offset: null, cancellationToken))?.Dispose();
            await bucket.DeleteAsync(probe, cancellationToken);
        }
        catch (IOException error) when (error.InnerException is not null)
        {
            throw new InvalidRequestException($"checkpoints.store: {error.Message}", error);
        }
    }
}
