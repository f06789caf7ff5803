: filter INPUT,FORWARD
6 -m eui64                                ; = ; OK
    udp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455   ; yes
    udp src=2001:db8::211:22ff:fe33:4455 path=forward ether=001122334455 ; yes
    udp src=2001:db8::11:22ff:fe33:4455 path=input ether=001122334455    ; no      # the universal bit as it is
    udp src=2001:db8::11:22ff:fe33:4455 path=input ether=021122334455    ; yes
    udp src=2001:db8::211:22ff:fe33:4456 path=input ether=001122334455   ; no
    udp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334465   ; no
    udp src=2001:db8::211:22ff:fe33:4455 path=input ether=001123334455   ; no
    udp src=2001:db8::211:22fe:fe33:4455 path=input ether=001122334455   ; no
    udp src=2001:db8::211:22ff:ff33:4455 path=input ether=001122334455   ; no
    udp src=2001:db8:5:6:211:22ff:fe33:4455 path=forward ether=001122334455 ; yes
    udp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455 to=broadcast ; yes
    udp src=2001:db8::211:22ff:fe33:4455 path=input                      ; no      # not an Ethernet device
    udp src=2001:db8::211:22ff:fe33:4455 path=forward                    ; no
    frag=8 udp src=2001:db8::211:22ff:fe33:4455 path=input               ; no
    frag=8 udp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455 ; yes
    dst-opts=8 len=41 src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455 ; yes
    udp src=2001:86dd:86dd:86dd:211:22ff:fe33:4455 path=forward          ; no
6 -p tcp -m eui64                         ; = ; OK
    tcp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455   ; yes
    frag=8 tcp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455 ; yes
    frag=8 tcp src=2001:db8::211:22ff:fe33:4455 path=input               ; no
    udp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455   ; no
6 patch 0 ff 01                           ; -p tcp -m eui64 ; OK
    tcp src=2001:db8::211:22ff:fe33:4455 path=input ether=001122334455   ; yes
6 ! -m eui64                              ;   ; FAIL unexpected
6 -m eui64 --nonsense                     ;   ; FAIL unknown option
6 bytes 00                                ;   ; FAIL 1 bytes of data, expected 4
