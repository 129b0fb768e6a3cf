using Pbt.Core.Studies;

namespace Pbt.Storage.Hooks;

/// <summary>Moves what a ledger says to another.</summary>
public static class HookLedgers
{
    /// <summary>Notes in the ledger of a copy of a study that the hooks that were run there need not be run again.</summary>
    /// <exception cref="InvalidRequestException">A process is running the study's hooks.</exception>
    /// <exception cref="PbtException">One of them cannot be used just now.</exception>
    public static async Task CarryAsync(IHookLedger from, IHookLedger to, CancellationToken cancellationToken = default)
    {
        await using var source = await from.TryTakeAsync(cancellationToken) ?? throw Busy();
        await using var target = await to.TryTakeAsync(cancellationToken) ?? throw Busy();
        await target.NoteAsync(source.Done, cancellationToken);
    }

    private static InvalidRequestException Busy() =>
        new("a process is running the study's hooks just now; wait until it has ended (half a minute, if it was killed), remove the copy and copy again");
}
