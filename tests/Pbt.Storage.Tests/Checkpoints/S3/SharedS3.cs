using Pbt.Core.Studies;
using Pbt.Storage.Checkpoints.S3;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Checkpoints.S3;

/// <summary>The server of all tests that leave it running, and stores in buckets of it; started by the first, ended with the run.</summary>
internal static class SharedS3
{
    private static readonly Lazy<Task<S3Server>> Started = new(async () =>
    {
        var server = await S3Server.StartNewAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    });

    /// <summary>When every study of these tests was created.</summary>
    public static readonly DateTimeOffset Created = new(2026, 11, 21, 9, 30, 0, TimeSpan.Zero);

    /// <summary>The server.</summary>
    public static Task<S3Server> GetAsync() => Started.Value;

    /// <summary>Opens the store of the study <c>study</c> in a bucket.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="endpoint">Where the server is.</param>
    /// <param name="directory">The study's directory on this machine.</param>
    /// <param name="adjust">Changes the settings.</param>
    public static S3CheckpointStore Open(string bucket, string endpoint, StudyDirectory directory, Func<S3Settings, S3Settings>? adjust = null)
    {
        var spec = new CheckpointStoreSpec(bucket, "runs/here", endpoint);
        foreach (var (name, value) in S3Server.Environment)
            Environment.SetEnvironmentVariable(name, value);

        var settings = S3Settings.Of(spec, static _ => null);
        return new S3CheckpointStore(spec, adjust?.Invoke(settings) ?? settings, "study", Created, directory, TimeProvider.System);
    }
}
