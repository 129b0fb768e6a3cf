namespace Pbt.Runtime.Tests.Processes;

/// <summary>Waits for what another process does, which no gate of ours can announce.</summary>
internal static class Eventually
{
    public static async Task BecomesTrueAsync(Func<bool> condition, Func<string> state, TimeSpan limit)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            var waited = TimeProvider.System.GetElapsedTime(began);
            Assert.True(waited < limit, $"Not true after {waited.TotalSeconds:0.00} s; the state is: {state()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
