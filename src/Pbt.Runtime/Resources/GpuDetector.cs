namespace Pbt.Runtime.Resources;

/// <summary>Finds the GPUs that this process may use.</summary>
/// <remarks>
/// Reads one environment variable and one directory; loads no driver and starts no program. Thread-safe. A directory
/// that cannot be read counts as one without GPUs.
/// </remarks>
public sealed class GpuDetector
{
    /// <summary>The variable by which CUDA programs are shown some of the GPUs.</summary>
    public const string MaskVariable = "CUDA_VISIBLE_DEVICES";

    private const string DevicePrefix = "nvidia";
    private readonly string _root;

    /// <summary>Makes a detector.</summary>
    /// <param name="root">The root of the file system.</param>
    public GpuDetector(string root = "/") => _root = root;

    /// <summary>The names by which CUDA addresses the visible GPUs, in its order.</summary>
    /// <remarks>
    /// The entries of <see cref="MaskVariable"/> when it is set, which may be numbers or UUIDs; else 0 … n−1 for
    /// the n device files. These are counted, not named: a container with the single file <c>nvidia2</c> has a GPU 0.
    /// </remarks>
    /// <param name="mask">The value of <see cref="MaskVariable"/>; null when it is not set, empty for no GPUs.</param>
    public IReadOnlyList<string> Detect(string? mask) => mask is null
        ? [.. Enumerable.Range(0, CountDevices()).Select(index => $"{index}")]
        : ParseMask(mask);

    /// <summary>The GPUs that are visible under this process's own environment.</summary>
    public IReadOnlyList<string> Detect() => Detect(Environment.GetEnvironmentVariable(MaskVariable));

    private static List<string> ParseMask(string mask)
    {
        var gpus = new List<string>();
        foreach (var entry in mask.Split(',', StringSplitOptions.TrimEntries))
        {
            // CUDA reads up to the first entry that names no device.
            if (entry.Length == 0 || entry[0] == '-' || string.Equals(entry, "NoDevFiles", StringComparison.Ordinal))
                break;
            gpus.Add(entry);
        }

        return gpus;
    }

    private int CountDevices()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(_root, "dev"), DevicePrefix + "*")
                .Count(path => Path.GetFileName(path.AsSpan())[DevicePrefix.Length..] is { IsEmpty: false } number
                    && !number.ContainsAnyExceptInRange('0', '9'));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
