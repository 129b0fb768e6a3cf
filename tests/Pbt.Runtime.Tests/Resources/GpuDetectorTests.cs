using Pbt.Runtime.Resources;

namespace Pbt.Runtime.Tests.Resources;

public sealed class GpuDetectorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gpus-").FullName;

    [Theory]
    [InlineData("", "")]
    [InlineData("  ", "")]
    [InlineData("4,5", "4 5")]
    [InlineData(" 4 , 5 ", "4 5")]
    [InlineData("GPU-8932f937,MIG-1c8b", "GPU-8932f937 MIG-1c8b")]
    [InlineData("-1", "")]
    [InlineData("3,-1,2", "3")]
    [InlineData("3,,2", "3")]
    [InlineData("NoDevFiles", "")]
    public void A_mask_that_is_set_decides(string mask, string expected)
    {
        AddDevices("nvidia0", "nvidia1");

        Assert.Equal(expected, string.Join(' ', new GpuDetector(_root).Detect(mask)));
    }

    [Fact]
    public void Without_a_mask_the_device_files_are_counted()
    {
        AddDevices("nvidia0", "nvidia2", "nvidia10", "nvidiactl", "nvidia-uvm", "nvidia", "nvidia1x", "null");

        Assert.Equal(["0", "1", "2"], new GpuDetector(_root).Detect(mask: null));
    }

    [Fact]
    public void Many_gpus_are_in_numerical_order()
    {
        AddDevices([.. Enumerable.Range(0, 16).Select(i => $"nvidia{i}")]);

        Assert.Equal("0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", string.Join(' ', new GpuDetector(_root).Detect(mask: null)));
    }

    [Fact]
    public void A_machine_without_devices_has_no_gpus() => Assert.Empty(new GpuDetector(_root).Detect(mask: null));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void AddDevices(params string[] names)
    {
        Directory.CreateDirectory(Path.Combine(_root, "dev"));
        foreach (var name in names)
            File.WriteAllText(Path.Combine(_root, "dev", name), "");
    }
}
