using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Testing.Simulation;

namespace Pbt.Simulation.Tests;

/// <summary>The simulation finds what is put into it.</summary>
public sealed class DoctoredSimulationTests
{
    [Fact]
    public void A_store_that_forgets_what_it_acknowledged_is_found()
    {
        var found = Find(new FaultDoctor { Store = static store => new DoctoredStore(store, Forgets: true) }, Faults.None);
        Assert.Contains("which ends at", found.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_completion_of_an_attempt_that_is_no_longer_current_is_found()
    {
        var found = Find(new FaultDoctor { Store = static store => new DoctoredStore(store, Forgets: false) }, Faults.None);
        Assert.Contains("'s", found.Violation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_checkpoint_that_is_needed_is_found_and_its_study_made_small()
    {
        var doctor = new FaultDoctor { Checkpoints = static checkpoints => new DeletingCheckpoints(checkpoints) };
        var found = Find(doctor, Faults.All);
        Assert.Contains("which is needed", found.Violation, StringComparison.Ordinal);
        var small = ScenarioShrinker.Shrink(found, doctor);
        Assert.NotNull(small.Violation);
        Assert.Equal((Faults.None, 2, 1), (small.Scenario.Faults, small.Scenario.Population, small.Scenario.Workers));
        Assert.Equal(small.Fingerprint, FaultSimulation.Run(small.Scenario, doctor).Fingerprint);
    }

    private static FaultReport Find(FaultDoctor doctor, Faults faults)
    {
        var scenario = new FaultScenario { Seed = 4, SpecSeed = -1, Population = 8, Intervals = 20, Workers = 6, Faults = faults };
        Assert.Null(FaultSimulation.Run(scenario).Violation);
        return FaultSimulation.Run(scenario, doctor) is { Violation: not null } found ? found : throw new Xunit.Sdk.XunitException("It was not found.");
    }

    /// <summary>Each twentieth transaction that adds events is not kept, or ends another worker's attempt.</summary>
    private sealed class DoctoredStore(IStudyStore inner, bool Forgets) : IStudyStore
    {
        private int _transactions;

        public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) => inner.ReadAsync(afterVersion, cancellationToken);

        public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => inner.LoadAsync(cancellationToken);

        public async ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
        {
            var isTwentieth = ++_transactions % 20 == 0;
            var value = default(T)!;
            var version = 0L;
            try
            {
                return await inner.TransactAsync(
                    transaction =>
                    {
                        value = decide(transaction);
                        version = transaction.State.Version;
                        if (isTwentieth && Forgets && transaction.Events.Count > 0)
                            throw new ForgottenException();
                        if (isTwentieth && !Forgets && transaction.State.Attempts.FirstOrDefault() is { } other)
                            transaction.Add(new AttemptReleased(other.Id, "doctored"));

                        return value;
                    },
                    cancellationToken);
            }
            catch (ForgottenException)
            {
                return new Committed<T>(value, version, []);
            }
        }

        public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => inner.WaitAsync(afterVersion, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    /// <summary>Deletes each checkpoint as soon as it is read.</summary>
    private sealed class DeletingCheckpoints(ICheckpointStore inner) : ICheckpointStore
    {
        public string Stage(CheckpointId id) => inner.Stage(id);

        public ValueTask<PublishResult> PublishAsync(CheckpointId id, bool isDurable = true, CancellationToken cancellationToken = default) => inner.PublishAsync(id, isDurable, cancellationToken);

        public ValueTask DiscardAsync(CheckpointId id, CancellationToken cancellationToken = default) => inner.DiscardAsync(id, cancellationToken);

        public void Release(CheckpointId id) => inner.Release(id);

        public async ValueTask<FetchResult> FetchAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default)
        {
            var found = await inner.FetchAsync(id, check, cancellationToken);
            await inner.DeleteAsync(id, cancellationToken);
            return found;
        }

        public ValueTask<FetchResult> VerifyAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default) => inner.VerifyAsync(id, check, cancellationToken);

        public string Locate(CheckpointId id) => inner.Locate(id);

        public string LocalPathOf(CheckpointId id) => inner.LocalPathOf(id);

        public ValueTask DeleteAsync(CheckpointId id, CancellationToken cancellationToken = default) => inner.DeleteAsync(id, cancellationToken);

        public IAsyncEnumerable<StoredCheckpoint> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

        public ValueTask<long> SizeAsync(StoredCheckpoint found, CancellationToken cancellationToken = default) => inner.SizeAsync(found, cancellationToken);
    }

    private sealed class ForgottenException : Exception;
}
