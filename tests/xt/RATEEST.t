: filter OUTPUT,INPUT,FORWARD
-j RATEEST --rateest-name RE1 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms ; = ; OK
    tcp                                       ; yes
-j RATEEST --rateest-name RE2 --rateest-interval 1s --rateest-ewmalog 8s ; -j RATEEST --rateest-name RE2 --rateest-interval 1.0s --rateest-ewmalog 8.0s ; OK
6 -j RATEEST --rateest-name RE3 --rateest-interval 8s --rateest-ewmalog 64s ; -j RATEEST --rateest-name RE3 --rateest-interval 8.0s --rateest-ewmalog 64.0s ; OK
    udp                                       ; yes
-j RATEEST --rateest-name RE1 --rateest-interval 250.0ms --rateest-ewmalog 500.0ms ; = ; OK
bytes 00                                      ;  ; FAIL 1 bytes of data, expected
