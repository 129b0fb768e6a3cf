using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Testing.Simulation;

/// <summary>One process's way to the log: slow, and broken in every way that the contract allows.</summary>
internal sealed class SimulatedStore(SimulatedLog log, VirtualProcess process, FaultWeather weather, TimeSpan lease) : IStudyStore
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(5);
    private long _outageUntil;

    /// <inheritdoc/>
    public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) => log.ReadAsync(afterVersion, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => log.LoadAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
    {
        await TravelAsync(cancellationToken);
        if (weather.Strikes(Faults.Outage, 0.002))
            _outageUntil = (process.Time.GetUtcNow() + weather.About(lease)).Ticks;

        if (IsCutOff() || weather.Strikes(Faults.StoreBefore, 0.1))
            throw new TransientStoreException("simulated: the transaction was not carried out");

        var committed = await log.CommitAsync(process, decide);
        await TravelAsync(CancellationToken.None);
        if (weather.Strikes(Faults.StoreAfter, 0.1))
            throw new TransientStoreException("simulated: the connection was lost after the commit");

        return committed;
    }

    /// <inheritdoc/>
    public async ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default)
    {
        if (IsCutOff() || weather.Strikes(Faults.StoreSlow, 0.05))
        {
            await TravelAsync(cancellationToken);
            throw new TransientStoreException("simulated: the log cannot be looked at");
        }

        await log.WaitAsync(process, afterVersion, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsCutOff() => !weather.IsCalm && process.Time.GetUtcNow().Ticks < _outageUntil;

    private Task TravelAsync(CancellationToken cancellationToken) =>
        Task.Delay(weather.About(weather.Strikes(Faults.StoreSlow, 0.01) ? lease / 2 : Usual), process.Time, cancellationToken);
}
