using Pbt.Runtime;

namespace Pbt.Cli;

/// <summary>Several studies, opened; closed together.</summary>
internal sealed class OpenStudies : IAsyncDisposable
{
    private readonly List<OpenStudy> _all = [];

    /// <summary>The studies, in the order of their directories.</summary>
    public IReadOnlyList<OpenStudy> All => _all;

    /// <summary>Opens the studies in these directories.</summary>
    /// <exception cref="Core.Studies.InvalidRequestException">One of them has none.</exception>
    public static async Task<OpenStudies> OpenAsync(CliServices services, IEnumerable<string> directories)
    {
        var studies = new OpenStudies();
        try
        {
            foreach (var directory in directories)
                studies._all.Add(await services.Open(directory));

            return studies;
        }
        catch
        {
            await studies.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var study in _all)
            await study.DisposeAsync();
    }
}
