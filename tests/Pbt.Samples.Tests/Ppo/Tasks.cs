using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.Ppo;

/// <summary>Every task, for theories.</summary>
public static class Tasks
{
    public static TheoryData<string> All { get; } = [.. PpoTask.All.Select(task => task.Name)];
}
