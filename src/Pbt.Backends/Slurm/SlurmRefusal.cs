namespace Pbt.Backends.Slurm;

/// <summary>Tells a Slurm that refuses from one that cannot answer just now.</summary>
/// <remarks>Pure.</remarks>
public static class SlurmRefusal
{
    private static readonly string[] Passing = [
        "Unable to contact slurm controller", "Socket timed out", "Zero Bytes were transmitted", "temporarily", "Communication connection failure",
        "Connection refused", "Connection timed out", "Slurm backup controller in standby mode", "Slurm is in the process of", "Unable to establish a configuration source"];

    private static readonly string[] WithoutConfiguration = ["establish_config_source", "establish a configuration source", "Could not establish a configuration"];

    /// <summary>Whether this host knows of no Slurm; a host that fetches its configuration from the controller says so, too, while that is away.</summary>
    /// <param name="said">What squeue said.</param>
    public static bool IsWithoutConfiguration(string said) => WithoutConfiguration.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it is worth trying again.</summary>
    /// <param name="said">What sbatch, squeue or scancel said.</param>
    public static bool IsPassing(string said) => Passing.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase));
}
