using Pbt.Dashboard.Http;
using Pbt.Harness;
using Pbt.Storage;
using Pbt.Storage.Journal;

namespace Pbt.Dashboard.Tests.Browser;

/// <summary>Two studies that pbt has run to their ends, and a server that shows them.</summary>
public sealed class FinishedStudies : IAsyncLifetime
{
    private readonly List<JournalStore> _stores = [];

    /// <summary>The first study's folder.</summary>
    internal Study Study { get; } = new();

    /// <summary>The second study's directory.</summary>
    internal string Other => Study.At("other");

    internal DashboardServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PageFactAttribute.Missing is not null)
            return;

        Study.Spec(Spec("triangle", seed: 5));
        (await Study.RunAsync(slots: 2)).Expect(0);
        File.WriteAllText(Study.At("other.yaml"), Spec("triangle-constant", seed: 6) + "exploit: { strategy: none }\nexplore: { strategy: none }\n");
        (await Study.PbtAsync("run", Study.At("other.yaml"), "--dir", Other)).Expect(0);
        Server = await DashboardServer.StartAsync([Watch(Study.Dir), Watch(Other)], new DashboardOptions(System.Net.IPAddress.Loopback, Port: 0), TimeProvider.System, CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();

        foreach (var store in _stores)
            await store.DisposeAsync();

        Study.Dispose();
    }

    private WatchedStudy Watch(string directory)
    {
        var study = new StudyDirectory(directory);
        _stores.Add(JournalStore.Open(study));
        return new WatchedStudy(study, _stores[^1], static _ => true);
    }

    private static string Spec(string name, int seed) => $$"""
        name: {{name}}
        seed: {{seed}}
        population: 12
        mode: synchronous
        objective: { metric: accuracy, goal: maximize }
        interval: { steps: 5 }
        budget: { intervals: 30 }
        hyperparameters:
          lr: { type: float, min: 1.0e-4, max: 1.0, scale: log }
        trainer: { builtin: triangle }

        """;
}
