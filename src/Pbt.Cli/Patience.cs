using Pbt.Core.Studies;

namespace Pbt.Cli;

/// <summary>Waits for a store that is away to come back, and says so once.</summary>
internal sealed class Patience(TextWriter error, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _pause = First;
    private bool _said;

    /// <summary>Does something that reads the store, again and again until it can be read.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited.</exception>
    public async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var result = await read();
                Recovered();
                return result;
            }
            catch (TransientStoreException failure)
            {
                await WaitAsync(failure, cancellationToken);
            }
        }
    }

    /// <summary>Says why, the first time, and waits a growing while.</summary>
    public async Task WaitAsync(TransientStoreException failure, CancellationToken cancellationToken)
    {
        if (!_said)
        {
            _said = true;
            await error.WriteLineAsync($"pbt: {failure.Message} Waiting for it.");
        }

        var pause = _pause;
        _pause = pause * 2 < Longest ? pause * 2 : Longest;
        await Task.Delay(pause, time, cancellationToken);
    }

    /// <summary>Says that it can be read again, if it could not.</summary>
    public void Recovered()
    {
        if (_said)
            error.WriteLine("pbt: the study's store is back.");

        (_said, _pause) = (false, First);
    }
}
