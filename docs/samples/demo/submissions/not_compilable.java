public class Main {
  public static void main(String[] args) {
    int n = in.nextInt()
    System.out.println(sum);
  }
}
