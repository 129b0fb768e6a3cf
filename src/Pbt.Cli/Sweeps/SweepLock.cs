using Pbt.Core.Studies;

namespace Pbt.Cli.Sweeps;

/// <summary>Keeps a second launcher from running the same sweep, and so the machine from having twice its share of work.</summary>
/// <remarks>A lock of the operating system, which ends with its holder however that ends.</remarks>
internal sealed class SweepLock : IDisposable
{
    private readonly FileStream _file;

    private SweepLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a sweep's directory.</summary>
    /// <exception cref="InvalidRequestException">Another process has it.</exception>
    public static SweepLock Take(string directory)
    {
        Directory.CreateDirectory(directory);

        // No study's name begins with a point.
        var path = Path.Combine(directory, ".sweep.lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new InvalidRequestException($"another `pbt sweep` runs in {directory}; wait for it or stop it, or use another --dir (--report and --dry-run can be used meanwhile)");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
